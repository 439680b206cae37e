"""A drand network for tests: answers what lies in a folder, info.json and a file for each round that is out."""
import argparse, http.server, os, re

arguments = argparse.ArgumentParser()
arguments.add_argument("--folder", required=True)
options = arguments.parse_args()


class Drand(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked = re.fullmatch(r"/[0-9a-f]{64}/(info|public/([0-9]+))", self.path)
        path = f"{options.folder}/{asked[2] or 'info'}.json" if asked else ""
        answer = open(path, "rb").read() if os.path.exists(path) else b""
        self.send_response(200 if answer else 404)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Drand)
with open(f"{options.folder}/port.part", "w") as file:
    file.write(str(server.server_port))
os.rename(f"{options.folder}/port.part", f"{options.folder}/port")
server.serve_forever()
