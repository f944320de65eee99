"""The fourteen notices of the story."""

# key: (department, list, class or item, kind of penalty, basis of the list's document, measures, what repair needs)
NOTICES = {
    "A": ("market", "B-MARKET", "食品安全", "吊销许可证件", "ZB-44", ["M-KEY-SUPERVISION", "M-STRICT-LICENCE", "A-CREDIT"]),
    "B": ("market", "B-MARKET", "药品安全", "吊销许可证件", "ZB-44", ["M-KEY-SUPERVISION", "M-HONOUR"]),
    "C": ("tax", "B-TAX", "偷税", "罚款", "SW-54", ["M-TAX-CREDIT-D", "M-PUBLIC-FUNDS", "A-CREDIT"]),
    "D": ("human-resources", "B-WAGE", "RS-WAGE-OVERDUE", None, "GZ-45", ["M-PUBLIC-FUNDS", "M-BIDDING", "M-PROCUREMENT", "M-HONOUR-HEADS"]),
    "E": ("emergency", "B-SAFETY", "安全生产", "吊销许可证件", "AQ-11", ["M-KEY-SUPERVISION", "M-STRICT-SAFETY-LICENCE", "A-INSURANCE"]),
    "F": ("market", "B-MARKET", "食品安全", "限制从业", "ZB-44", ["M-KEY-SUPERVISION", "M-HONOUR"]),
    "G": ("tax", "B-TAX", "偷税", "罚款", "SW-54", None),
    "H": ("human-resources", "B-WAGE", "RS-WAGE-OVERDUE", None, "GZ-45", None),
    "I": ("intellectual-property", "B-MARKET", "商标侵权", "吊销营业执照", "ZB-44", ["M-KEY-SUPERVISION", "A-MARKET"]),
    "J": ("statistics", "B-STATISTICS", "统计违法", "罚款", "TJ-2022", ["M-STATISTICS-CHECK"]),
    "K": ("transport", "B-OVERLOAD", "超限超载", "吊销许可证件", "GL-66", ["M-OVERLOAD-CHECK"]),
    "L": ("emergency", "B-SAFETY", "安全生产", "吊销许可证件", "AQ-11", ["M-KEY-SUPERVISION"]),
    "M": ("housing", "B-CONSTRUCTION", "工程质量", "降低资质等级", "JZSC-2018", ["M-BIDDING", "A-ASSOCIATION"]),
    "N": ("culture-tourism", "B-CULTURE", "旅游经营", "吊销许可证件", "WH-2021", ["M-CULTURE-CHECK", "M-HONOUR"]),
}
PERSONS = {"F", "K"}
MONTHS = {"J": 6, "K": 12, "N": 24}
