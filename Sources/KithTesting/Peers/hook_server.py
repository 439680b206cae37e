"""A receiver of webhooks for tests: keeps each call as JSON in a folder, and answers with the status that the path names."""
import argparse, http.server, json, os

arguments = argparse.ArgumentParser()
arguments.add_argument("--folder", required=True)
options = arguments.parse_args()
count = 0


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        count += 1
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        name = f"{options.folder}/{count:06}.json"
        with open(name + ".part", "w") as file:
            json.dump({"path": self.path, "headers": {key.lower(): value for key, value in self.headers.items()}, "body": body}, file)
        os.rename(name + ".part", name)
        status = int(self.path.strip("/") or 200)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://localhost:{self.server.server_port}/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
with open(f"{options.folder}/port.part", "w") as file:
    file.write(str(server.server_port))
os.rename(f"{options.folder}/port.part", f"{options.folder}/port")
server.serve_forever()
