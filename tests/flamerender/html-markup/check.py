"""check.py FILE: its elements, attributes that run or load something, and whether the policy's hashes are those of its script and style."""
import base64, collections, hashlib, html.parser, re, sys

page = open(sys.argv[1], encoding="utf-8").read()


class Parser(html.parser.HTMLParser):
    tags, policy, scripts, styles, into = collections.Counter(), "", [], [], None

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        attributes = dict(attributes)
        for name, value in attributes.items():
            if name in ("src", "style") or name.startswith("on") or (name == "href" and value != "data:,"):
                print("unexpected:", tag, name, value)
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        if tag == "script" and "type" not in attributes:
            self.into = self.scripts
        if tag == "style":
            self.into = self.styles

    def handle_data(self, data):
        if self.into is not None:
            self.into.append(data)
            self.into = None


parser = Parser()
parser.feed(page)
print({tag: parser.tags[tag] for tag in ("html", "style", "script", "noscript", "body", "header", "img")})
for kind, [text] in (("script-src", parser.scripts), ("style-src", parser.styles)):
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    print(kind, f"{kind} 'sha256-{digest}'" in parser.policy)
print(re.sub("'sha256-[^']*'", "HASH", parser.policy))
print("eval" in parser.scripts[0], "innerHTML" in parser.scripts[0])
