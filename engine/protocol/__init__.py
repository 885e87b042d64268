"""How the window and the analysis worker talk: requests and answers, one JSON object a line.

`framing` cuts bytes into lines, `requests` and `answers` are the values and their JSON, `client` runs a worker from
Python. A window with a process class of its own needs all but the last.
"""
