"""Files of images: which ones are read, and how their pixels become numbers."""
