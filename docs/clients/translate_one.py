#!/usr/bin/env python3
"""Translates one image over HTTP, with the standard library only.

Usage: translate_one.py http://localhost:8080 drawing.png 3

If the server needs a token (http.token-file), put it into the environment variable TANDEM_TOKEN.
"""
import base64
import http.client
import json
import os
import sys
import urllib.error
import urllib.request


def main(server, picture, samples):
    with open(picture, "rb") as file:
        image = file.read()
    headers = {"Content-Type": "image/png", "Accept": "application/json"}
    if "TANDEM_TOKEN" in os.environ:
        headers["Authorization"] = f"Bearer {os.environ['TANDEM_TOKEN']}"
    request = urllib.request.Request(f"{server}/v1/translations?samples={samples}", data=image, headers=headers)
    answer = json.load(urllib.request.urlopen(request))
    for translation in answer["translations"]:
        name = f"translation-{translation['sample']}.png"
        with open(name, "wb") as file:
            file.write(base64.b64decode(translation["png"]))
        print(name, "by", answer["model"])


def detail(problem):
    """Tandem describes a problem in JSON; other servers do not."""
    try:
        return json.load(problem)["detail"]
    except (ValueError, KeyError, TypeError):
        return f"the server answered {problem.code} {problem.reason}"


if len(sys.argv) != 4:
    sys.exit(__doc__.strip())
try:
    main(*sys.argv[1:])
except urllib.error.HTTPError as problem:
    sys.exit(detail(problem))
except urllib.error.URLError as error:
    sys.exit(f"no server answers at {sys.argv[1]}: {error.reason}")
except (http.client.HTTPException, ValueError, KeyError) as error:
    sys.exit(f"{sys.argv[1]} is not a Tandem server: {error}")
except OSError as error:
    sys.exit(f"{error.filename or sys.argv[1]}: {error.strerror or error}")
