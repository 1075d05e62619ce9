"""A stand-in for the emulator: answers its readiness path, with one worker that outlives its parent."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


class Handler(BaseHTTPRequestHandler):
    """Says that it is ready."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_ministack/ready" else 404)
        self.end_headers()


def main() -> None:
    """Serve until killed, or fail at once when told to."""
    if "fail" in sys.argv:
        sys.stdout.write("the disk is made of cheese\n")
        sys.exit(3)
    if "worker" in sys.argv:
        subprocess.Popen([sys.executable, "-c", STUBBORN])
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Handler).serve_forever()


main()
