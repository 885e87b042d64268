"""The messages between the window and the analysis worker: requests and answers, one JSON object on each line.

`framing` splits bytes into lines, `requests` and `answers` are the values and their JSON, `client` runs a worker from
Python; the window has its own process class instead.
"""
