#!/usr/bin/env python3
"""Translates one image over HTTP, with the standard library only.

Usage: translate_one.py http://localhost:8080 drawing.png 3

If the server needs a token (http.token-file), put it into the environment variable TANDEM_TOKEN.
"""
import base64
import json
import os
import sys
import urllib.error
import urllib.request

server, picture, samples = sys.argv[1:]
headers = {"Content-Type": "image/png", "Accept": "application/json"}
if "TANDEM_TOKEN" in os.environ:
    headers["Authorization"] = f"Bearer {os.environ['TANDEM_TOKEN']}"
request = urllib.request.Request(
    f"{server}/v1/translations?samples={samples}",
    data=open(picture, "rb").read(),
    headers=headers,
)
try:
    answer = json.load(urllib.request.urlopen(request))
except urllib.error.HTTPError as problem:
    sys.exit(json.load(problem)["detail"])
for translation in answer["translations"]:
    name = f"translation-{translation['sample']}.png"
    open(name, "wb").write(base64.b64decode(translation["png"]))
    print(name, "by", answer["model"])
