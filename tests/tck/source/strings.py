"""String functions: clause 10.3.4.3 (Table 74)."""

from model import Model

TABLE = "10.3.4.3 (Table 74)"
HORSE = "\U0001f40e"

m = Model("0411-substring", TABLE + ", note 1", "substring(string, start position, length?)", labels=["String functions"])
m.input("s", "string")
m.input("start", "number")
m.input("length", "number")
m.decision("rest", "string", "substring(s, start)")
m.decision("part", "string", "substring(s, start, length)")
for about, s, start, length, rest, part in [
    ("from the third", "foobar", 3, 3, "obar", "oba"),
    ("from the first", "foobar", 1, 1, "foobar", "f"),
    ("from the end", "foobar", -2, 1, "ar", "a"),
    ("all of it from the end", "foobar", -6, 6, "foobar", "foobar"),
    ("the last one", "foobar", 6, 1, "r", "r"),
    ("code points beyond the basic plane", HORSE + "ab", 2, 1, "ab", "a"),
    ("the horse itself", "a" + HORSE + "b", 2, 1, HORSE + "b", HORSE),
    ("Chinese", "社会信用", 3, 2, "信用", "信用"),
    ("position zero", "foobar", 0, 1, None, None),
    ("beyond the end", "foobar", 7, 1, None, None),
    ("beyond the start", "foobar", -7, 1, None, None),
    ("length zero", "foobar", 2, 0, "oobar", None),
    ("negative length", "foobar", 2, -1, "oobar", None),
    ("too long", "foobar", 5, 3, "ar", None),
    ("null", None, 1, 1, None, None),
]:
    m.case(about, {"s": s, "start": start, "length": length}, {"rest": rest, "part": part})
m.fact("by names", "string", 'substring(length: 2, start position: 4, string: "foobar")', "ba")

m = Model("0412-string-length-and-case", TABLE, "string length, upper case, lower case", labels=["String functions"])
m.input("s", "string")
m.decision("size", "number", "string length(s)")
m.decision("upper", "string", "upper case(s)")
m.decision("lower", "string", "lower case(s)")
for about, s, size, upper, lower in [
    ("letters and digits", "aBc4", 4, "ABC4", "abc4"),
    ("empty", "", 0, "", ""),
    ("accents", "Übung é", 7, "ÜBUNG É", "übung é"),
    ("Greek", "αβΓ", 3, "ΑΒΓ", "αβγ"),
    ("Cyrillic", "Жук", 3, "ЖУК", "жук"),
    ("Chinese has no case", "信用ab", 4, "信用AB", "信用ab"),
    ("a horse is one character", HORSE + "ab", 3, HORSE + "AB", HORSE + "ab"),
    ("null", None, None, None, None),
]:
    m.case(about, {"s": s}, {"size": size, "upper": upper, "lower": lower})

m = Model("0413-substring-before-and-after", TABLE, "substring before, substring after", labels=["String functions"])
m.input("s", "string")
m.input("match", "string")
m.decision("before it", "string", "substring before(s, match)")
m.decision("after it", "string", "substring after(s, match)")
for about, s, match, before, after in [
    ("in the middle", "foobar", "ob", "fo", "ar"),
    ("at the end", "foobar", "bar", "foo", ""),
    ("at the start", "foobar", "foo", "", "bar"),
    ("not there", "foobar", "xyz", "", ""),
    ("the first of two", "a-b-c", "-", "a", "b-c"),
    ("in the empty string", "", "a", "", ""),
    ("Chinese", "石家庄市", "庄", "石家", "市"),
]:
    m.case(about, {"s": s, "match": match}, {"before it": before, "after it": after})

m = Model("0414-contains-starts-ends", TABLE, "contains, starts with, ends with", labels=["String functions"])
m.input("s", "string")
m.input("match", "string")
NAMES = ("inside", "at the start", "at the end")
for name, function in zip(NAMES, ("contains", "starts with", "ends with")):
    m.decision(name, "boolean", f"{function}(s, match)")
for about, s, match, values in [
    ("in the middle", "foobar", "ob", (True, False, False)),
    ("not there", "foobar", "of", (False, False, False)),
    ("at the start", "foobar", "fo", (True, True, False)),
    ("at the end", "foobar", "r", (True, False, True)),
    ("all of it", "foobar", "foobar", (True, True, True)),
    ("longer than it", "foo", "foobar", (False, False, False)),
    ("the empty string", "foo", "", (True, True, True)),
    ("case matters", "foobar", "FOO", (False, False, False)),
    ("a dot is a dot", "abc", ".", (False, False, False)),
    ("null", None, "a", (None, None, None)),
]:
    m.case(about, {"s": s, "match": match}, dict(zip(NAMES, values)))

REGEX = TABLE + ", note 2 (XPath Functions and Operators 7.6)"
m = Model("0415-matches", REGEX, "matches(input, pattern, flags?)", labels=["String functions", "Regular expressions"])
m.facts(
    "boolean",
    [
        ("anchored at the start", 'matches("foobar", "^fo*b")', True),
        ("anywhere", 'matches("foobar", "ob")', True),
        ("anchored at both ends", 'matches("foobar", "^foo$")', False),
        ("digits", r'matches("2024-06", "^\\d{4}-\\d{2}$")', True),
        ("too few digits", r'matches("204-06", "^\\d{4}-\\d{2}$")', False),
        ("a class", 'matches("gray", "^gr[ae]y$")', True),
        ("a negated class", 'matches("groy", "^gr[^ae]y$")', True),
        ("alternatives", 'matches("dog", "^(cat|dog|cow)$")', True),
        ("optional and repeated", 'matches("colouur", "^colou?u+r$")', True),
        ("a literal point", r'matches("axb", "a\\.b")', False),
        ("a point is any character", r'matches("a" + "\U01F40E" + "b", "^a.b$")', True),
        ("white space", r'matches("a b", "a\\sb")', True),
        ("flag i", 'matches("FooBar", "foobar", "i")', True),
        ("without flag i", 'matches("FooBar", "foobar")', False),
        ("a point is no newline", r'matches("a\nb", "a.b")', False),
        ("flag s", r'matches("a\nb", "a.b", "s")', True),
        ("flag m", r'matches("a\nb", "^b$", "m")', True),
        ("without flag m", r'matches("a\nb", "^b$")', False),
        ("flag x", 'matches("abc", "a b c", "x")', True),
        ("an unknown flag", 'matches("abc", "b", "q1")', None),
        ("a pattern that is none", 'matches("abc", "[a")', None),
        ("a class of digits of any script", r'matches("\u0663", "^\\d$")', True),
        ("what is no word", r'matches("a-b", "^\\w\\W\\w$")', True),
        (
            "an underscore is punctuation",
            r'matches("_", "\\w")',
            False,
            "XML Schema: \\w is all but punctuation, separators and others",
        ),
        ("one set less another", 'matches("hello", "^[a-z-[aeiou]]+$")', False),
        ("consonants", 'matches("rhythm", "^[a-z-[aeiou]]+$")', True),
        ("a range of Chinese", r'matches("信用", "^[\u4E00-\u9FFF]{2}$")', True),
        ("exactly so many", 'matches("aaa", "^a{2}$")', False),
        ("at least so many", 'matches("aaa", "^a{2,}$")', True),
        ("flags i and m", r'matches("A\nB", "^b$", "im")', True),
        ("an empty text", 'matches("", "^$")', True),
        ("a star of a star ends", 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "^(a*)*$")', False),
        ("null input", 'matches(null, "a")', None),
        ("null pattern", 'matches("a", null)', None),
    ],
)

m = Model("0416-replace", REGEX, "replace(input, pattern, replacement, flags?)", labels=["String functions", "Regular expressions"])
m.facts(
    "string",
    [
        ("every occurrence", 'replace("banana", "a", "o")', "bonono"),
        ("groups", 'replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ("swapped groups", r'replace("2024-06", "(\\d+)-(\\d+)", "$2/$1")', "06/2024"),
        ("the whole match", 'replace("abc", "[ac]", "<$0>")', "<a>b<c>"),
        ("greedy", 'replace("<a><b>", "<.+>", "x")', "x"),
        ("reluctant", 'replace("<a><b>", "<.+?>", "x")', "xx"),
        ("flag of case", 'replace("Aa", "a", "b", "i")', "bb"),
        ("not there", 'replace("abc", "x", "y")', "abc"),
        ("with nothing", r'replace("a b  c", "\\s+", "")', "abc"),
        ("a group that took no part", 'replace("b", "(a)?b", "[$1]")', "[]"),
        ("digits that name no group", 'replace("ab", "(a)(b)", "$21")', "b1", "there is no group 21: group 2, then the digit 1"),
        ("first alternative, not the longest", 'replace("ab", "a|ab", "x")', "xb"),
        ("anchored once", 'replace("aaa", "^a", "b")', "baa"),
        ("flag m", r'replace("a\na", "^a", "b", "m")', "b\nb"),
        ("a literal dollar", r'replace("5 yuan", "yuan", "\\$")', "5 $"),
        ("Chinese", 'replace("失信被执行人", "失信", "守信")', "守信被执行人"),
        ("a pattern of length zero", 'replace("abc", "x*", "-")', None, "an XPath error (FORX0003) is a FEEL null"),
        ("a bad replacement", 'replace("abc", "b", "$")', None, "an XPath error (FORX0004) is a FEEL null"),
        ("a bad pattern", 'replace("abc", "(b", "x")', None),
    ],
)

m = Model("0417-split-and-join", TABLE, "split and string join", labels=["String functions", "Regular expressions"])
m.fact("at white space", None, r'split("John Doe", "\\s")', ["John", "Doe"])
m.fact("empty parts", None, 'split("a;b;c;;", ";")', ["a", "b", "c", "", ""])
m.fact("several separators", None, 'split("a, b;c", "[,;] ?")', ["a", "b", "c"])
m.fact("no separator", None, 'split("abc", ";")', ["abc"])
m.fact("escaped pattern", None, r'split("1.2.3", "\\.")', ["1", "2", "3"])
m.facts(
    "string",
    [
        ("joined by a word", 'string join(["a", "b", "c"], "_and_")', "a_and_b_and_c"),
        ("joined by nothing", 'string join(["a", "b", "c"], "")', "abc"),
        ("joined by null", 'string join(["a", "b", "c"], null)', "abc"),
        ("one string", 'string join(["a"], "X")', "a"),
        ("null among them", 'string join(["a", null, "c"], "X")', "aXc"),
        ("no strings", 'string join([], "X")', ""),
        ("no delimiter", 'string join(["a", null, "c"])', "ac"),
        ("a number among them", 'string join(["a", 1], "X")', None, "not a list of strings"),
        ("there and back", 'string join(split("a-b-c", "-"), "+")', "a+b+c"),
    ],
)

m = Model(
    "0418-string-operators", "10.3.2.15 (Table 57)", "addition concatenates; nothing else is defined for strings", labels=["String"]
)
m.facts(
    "string",
    [
        ("concatenation", '"foo" + "bar"', "foobar"),
        ("three of them", '"a" + "b" + "c"', "abc"),
        ("string and number", '"a" + 1', None),
        ("string and null", '"a" + null', None),
        ("subtraction", '"ab" - "b"', None),
        ("multiplication", '"a" * 3', None),
    ],
)
