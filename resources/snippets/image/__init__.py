"""Files of images: which are read, and how their pixels become numbers."""
