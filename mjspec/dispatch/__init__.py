"""Submission: paid jobs go out once, and what was paid for comes home.

`client` speaks to the provider, `ledger` remembers, `runner` brings a batch to its end. A person
asks `forecast.plan` and `status.status`, decides with `decisions.resolve`, `retry` and `cancel`, and
takes the results with `export.export` and `gallery.gallery`. Nothing is imported here, so that
asking for one of them does not load the others.
"""
