"""What the modules of unary tests share."""

from kit import Out, Table

RULES = "7.3.2, 10.3.1.2 (rules 7 to 15) and 10.3.2.15 (Table 55)"


def collects(model, name, input_, type_, tests, values=None):
    """A rule-order table that answers with the texts of the tests that were satisfied."""
    column = (input_, type_) if values is None else (input_, type_, values)
    rules = [([test], ['"' + label + '"']) for label, test in tests]
    model.decision(name, None, Table("R", [column], [Out()], rules))
