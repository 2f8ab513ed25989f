"""Imported by a zygote that then has two threads."""

import threading
import time

threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
