"""Sounds as waveforms and spectra."""
