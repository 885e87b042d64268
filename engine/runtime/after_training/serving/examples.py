"""Examples of clients that work when they are copied."""

import base64
import io
import json

import numpy as np
from PIL import Image

from engine.protocol.asking import AskForm, InputWanted, SampleGiven

MOST_TEXT = 4000  # characters of the value of a field in an example


def example_question(form: AskForm, samples: list[SampleGiven]) -> dict[str, object]:
    """A question about a sample by its values; about the sample of the data itself where these are long.

    ``samples``: what the network got of the first sample; none where the data cannot be read.
    """
    by_field = {each["field"]: each for each in samples}
    values = {each["field"]: _value(each, by_field.get(each["field"])) for each in form["inputs"]}
    is_short = all(value is not None and len(json.dumps(value)) <= MOST_TEXT for value in values.values())
    if is_short or not form["parts"]:
        return {"fields": values}
    return {"part": next(iter(form["parts"])), "row": 0}


def _value(entry: InputWanted, sample: SampleGiven | None) -> object:
    if entry["way"] == "row":
        return sample["cells"] if sample else {column["name"]: "" for column in entry["columns"]}
    if entry["way"] == "picture":
        if sample is None:
            return None
        raw = sample["picture"]
        shape = (raw["height"], raw["width"], raw["channels"])
        pixels = np.frombuffer(base64.b64decode(raw["bytes"]), np.uint8).reshape(shape)
        file = io.BytesIO()
        Image.fromarray(pixels[:, :, 0] if shape[2] == 1 else pixels).save(file, "PNG")
        return base64.b64encode(file.getvalue()).decode()
    return entry.get("example")


def client_examples(url: str, question: dict[str, object], form: AskForm) -> str:
    """The same question by curl and by Python."""
    body = json.dumps(question, ensure_ascii=True)
    picture = next((each["field"] for each in form["inputs"] if each["way"] == "picture"), "")
    content = 'base64.b64encode(open("picture.png", "rb").read()).decode()'
    own = [f'# Your own picture: {{"fields": {{"{picture}": {content}}}}}, and import base64'] if picture else []
    lines = [
        "With curl:",
        "",
        f"curl -s {url}/ask -H 'Content-Type: application/json' -d '{_quoted(body)}'",
        "",
        "With Python:",
        "",
        "import json, urllib.request",
        *own,
        f"question = json.loads({body!r})",
        f"request = urllib.request.Request({url + '/ask'!r}, json.dumps(question).encode())",
        "request.add_header('Content-Type', 'application/json')",
        "print(json.load(urllib.request.urlopen(request))['answers'])",
    ]
    return "\n".join(lines)


def _quoted(body: str) -> str:
    """JSON between the single quotes of a shell."""
    return body.replace("'", "\\u0027")
