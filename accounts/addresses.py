"""One spelling for each e-mail address, so that look-alikes are one person and one counter of attempts."""

import unicodedata


def normal(address: str) -> str:
    """Lower case, wide and other twin letters folded (ｍａｙａ is maya), the domain in ASCII."""
    text = unicodedata.normalize("NFKC", address).strip().lower()
    local, at, domain = text.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}" if domain else text
    except UnicodeError:
        return text
