"""A model with its test cases; writes NNNN-name.dmn and NNNN-name-test-01.xml."""

import re
from xml.sax.saxutils import quoteattr

import boxed
import kit
from kit import feel, text_element, type_attribute, variable_line, wrap

MODEL_NAMESPACES = {
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
CASES_NAMESPACE = "http://www.omg.org/spec/DMN/20160719/testcase"
ALL = []


class Model:
    """Sections is where the specification decides what this model tests."""

    def __init__(self, name, sections, about, version="1.5", labels=(), prefix=None):
        self.name, self.sections, self.about, self.version, self.prefix = name, sections, about, version, prefix
        self.labels = list(labels)
        self.items, self.elements, self.cases, self.extension = [], [], [], []
        self.ids, self.kinds, self.requirements = {}, {}, 0
        ALL.append(self)

    # --- what the model holds ---------------------------------------------------------------------

    def new_id(self, name, kind):
        slug = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "x"
        identifier = f"{kind}_{slug}"
        while identifier in self.ids.values():
            identifier += "_"
        self.ids[name], self.kinds[name] = identifier, kind
        return identifier

    def item(self, name, type_, allowed=None, collection=False, constraint=None):
        inner = [f"    <typeRef>{feel(type_)}</typeRef>"]
        inner += text_element("allowedValues", allowed, 2) if allowed else []
        inner += text_element("typeConstraint", constraint, 2) if constraint else []
        self.items += wrap("itemDefinition", inner, 1, self.item_attributes(name, collection))

    def struct(self, name, components, collection=False):
        """Components: (name, type[, allowed]); a type that begins with * is a collection."""
        inner = []
        for part, type_, *allowed in components:
            body = [f"      <typeRef>{feel(type_.lstrip('*'))}</typeRef>"]
            body += text_element("allowedValues", allowed[0], 3) if allowed else []
            inner += wrap("itemComponent", body, 2, self.item_attributes(part, type_.startswith("*")))
        self.items += wrap("itemDefinition", inner, 1, self.item_attributes(name, collection))

    @staticmethod
    def item_attributes(name, collection):
        return f" name={quoteattr(name)}" + (' isCollection="true"' if collection else "")

    def input(self, name, type_):
        head = f" name={quoteattr(name)} id={quoteattr(self.new_id(name, 'i'))}"
        self.elements += wrap("inputData", variable_line(name, type_, 2), 1, head)

    def decision(self, name, type_, expression, needs=None):
        required = self.required(expression) if needs is None else needs
        head = f" name={quoteattr(name)} id={quoteattr(self.new_id(name, 'd'))}"
        inner = variable_line(name, type_, 2) + self.requirement_lines(required) + boxed.lines(expression, 2)
        self.elements += wrap("decision", inner, 1, head)

    def bkm(self, name, parameters, body, type_=None, needs=None):
        required = self.required(body) if needs is None else needs
        required = [r for r in required if self.kinds[r] in "bs"]
        head = f" name={quoteattr(name)} id={quoteattr(self.new_id(name, 'b'))}"
        logic = boxed.function(kit.Fn(parameters, kit.as_boxed(body)), 2, "encapsulatedLogic")
        logic[0] = logic[0].replace(">", type_attribute(type_) + ">")
        inner = variable_line(name, None, 2) + logic + self.requirement_lines(required)
        self.elements += wrap("businessKnowledgeModel", inner, 1, head)

    def service(self, name, outputs, encapsulated=(), decisions=(), inputs=()):
        inner = variable_line(name, None, 2)
        groups = (
            ("outputDecision", outputs),
            ("encapsulatedDecision", encapsulated),
            ("inputDecision", decisions),
            ("inputData", inputs),
        )
        for tag, names in groups:
            inner += [f'    <{tag} href="#{self.ids[n]}"/>' for n in names]
        head = f" name={quoteattr(name)} id={quoteattr(self.new_id(name, 's'))}"
        self.elements += wrap("decisionService", inner, 1, head)

    def required(self, expression):
        """The elements whose names occur in the expression's texts."""
        everything = "\n".join(boxed.texts(expression))
        return [n for n in self.ids if re.search(r"(?<![\w])" + re.escape(n) + r"(?![\w])", everything)]

    def requirement_lines(self, names):
        lines = {"information": [], "knowledge": []}
        for name in names:
            tag = {"i": "requiredInput", "d": "requiredDecision"}.get(self.kinds[name], "requiredKnowledge")
            group = "knowledge" if tag == "requiredKnowledge" else "information"
            inner = [f'      <{tag} href="#{self.ids[name]}"/>']
            lines[group] += wrap(f"{group}Requirement", inner, 2)
        return lines["information"] + lines["knowledge"]

    # --- what is expected of it ---------------------------------------------------------------------

    def case(self, about, inputs, results, service=None):
        """Results by decision; an expected value is what the specification says, never what an engine said."""
        self.cases.append((about, inputs, results, service))

    def fact(self, name, type_, expression, expected, about=None):
        """A decision that reads nothing, and its one case."""
        self.decision(name, type_, expression, needs=[])
        self.case(about or name, {}, {name: expected})

    def facts(self, type_, rows):
        for name, expression, expected, *about in rows:
            self.fact(name, type_, expression, expected, about[0] if about else None)

    # --- writing --------------------------------------------------------------------------------------

    def dmn(self):
        identifier = "m" + self.name[:4]
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<definitions name="{self.name}" id="{identifier}" namespace="urn:chengxin:tck:{self.name}"',
            f'             xmlns="{MODEL_NAMESPACES[self.version]}">',
        ]
        lines += [f"  <description>DMN 1.5, {feel(self.sections)}: {feel(self.about)}</description>"]
        lines += self.extension
        return self.prefixed("\n".join(lines + self.items + self.elements + ["</definitions>"]) + "\n")

    def prefixed(self, xml):
        """The same document with its elements under a prefix; in a text '<' is always &lt;."""
        if not self.prefix:
            return xml
        xml = re.sub(r"<(/?)(?=[A-Za-z]+[ >/])", rf"<\1{self.prefix}:", xml)
        return xml.replace(' xmlns="', f' xmlns:{self.prefix}="', 1)

    def tests(self):
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testCases xmlns="{CASES_NAMESPACE}"',
            '           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
            '           xmlns:xsd="http://www.w3.org/2001/XMLSchema">',
            f"  <modelName>{self.name}.dmn</modelName>",
        ]
        lines += wrap("labels", [f"    <label>{feel(l)}</label>" for l in [f"DMN 1.5, {self.sections}", *self.labels]], 1)
        for number, case in enumerate(self.cases, 1):
            lines += self.case_lines(number, *case)
        return "\n".join(lines + ["</testCases>"]) + "\n"

    @staticmethod
    def case_lines(number, about, inputs, results, service):
        inner = [f"    <description>{feel(about)}</description>"]
        for name, value in inputs.items():
            inner += wrap("inputNode", kit.value_lines(value, 3), 2, f" name={quoteattr(name)}")
        for name, value in results.items():
            expected = wrap("expected", kit.value_lines(value, 4), 3)
            inner += wrap("resultNode", expected, 2, f' name={quoteattr(name)} type="decision"')
        head = f' id="{number:03d}"' + (f' type="decisionService" invocableName={quoteattr(service)}' if service else "")
        return wrap("testCase", inner, 1, head)
