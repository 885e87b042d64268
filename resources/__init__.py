"""What Torchloom ships beside its code: snippets, data sets, templates, fonts and icons."""
