"""Pictures of samples as text that an HTML file can hold."""

import base64
import io

from PIL import Image

from engine.protocol.data_answers import ImageShown


def picture(image: ImageShown) -> str:
    """The address of a picture that contains the picture itself, as PNG."""
    size = (image["width"], image["height"])
    pixels = Image.frombytes("L" if image["channels"] == 1 else "RGB", size, base64.b64decode(image["bytes"]))
    data = io.BytesIO()
    pixels.save(data, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"
