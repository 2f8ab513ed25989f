# One image: the web server and the workers differ by their command (script/web, script/worker).
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin mltrainer \
    && install -d -o mltrainer -g mltrainer /home/mltrainer/data

WORKDIR /app
COPY requirements.txt .
RUN python -m venv .venv && .venv/bin/pip install --no-deps --require-hashes -r requirements.txt
COPY . .

# What must outlive the container: the shared files and the sockets of the run folder.
ENV MLTRAINER_HOME=/home/mltrainer/data HOST=0.0.0.0 PORT=8000
USER mltrainer
VOLUME /home/mltrainer/data
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["script/healthy"]
CMD ["script/web"]
