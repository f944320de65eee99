"""What the sample of each city is made of."""
import dataclasses

PENALTIES = {
    "market": ["食品安全", "产品质量", "消费者权益", "虚假广告", "特种设备", "药品安全", "不正当竞争", "无证照经营"],
    "tax": ["偷税"], "human-resources": ["劳动保障"], "emergency": ["安全生产"], "environment": ["大气污染", "固体废物"],
    "health": ["公共场所卫生"], "housing": ["工程质量", "招标投标"], "commerce": ["流通秩序"], "education": ["违规招生"],
    "transport": ["无证运营", "超限超载"], "traffic-police": ["交通违法"], "public-security": ["行业管理"],
    "intellectual-property": ["商标侵权"], "finance": ["财政违法", "政府采购"], "finance-office": ["违规经营"],
    "cyberspace": ["信息内容"], "natural-resources": ["违法用地"], "culture-tourism": ["旅游经营"],
    "civil-affairs": ["社会组织", "养老服务"], "medical-insurance": ["骗保"], "statistics": ["统计违法"],
    "agriculture": ["农产品质量"], "fire": ["消防设施"], "water": ["取水"], "urban-management": ["占道经营"],
    "justice": ["执业机构"], "development-reform": ["投资管理", "招标投标"],
}
PERMITS = ["administrative-approval", "tax", "human-resources", "emergency", "environment", "health", "housing", "commerce",
           "education", "transport", "fire", "justice", "natural-resources", "culture-tourism", "civil-affairs", "agriculture"]
BOTH_KINDS = [("market", "食品安全"), ("market", "产品质量"), ("environment", "大气污染"), ("health", "公共场所卫生"),
              ("transport", "无证运营"), ("emergency", "安全生产"), ("fire", "消防设施"), ("tax", "偷税"),
              ("human-resources", "劳动保障"), ("urban-management", "占道经营"), ("culture-tourism", "旅游经营")]
ORGANISATIONS_ONLY = [("education", "违规招生"), ("statistics", "统计违法"), ("civil-affairs", "养老服务")]


@dataclasses.dataclass
class City:
    pack: str
    seed: int
    region: int  # the first of a hundred codes of the test region
    each: int  # penalties of a department; a third as many permits
    penalties: dict = dataclasses.field(default_factory=lambda: PENALTIES)
    permits: list = dataclasses.field(default_factory=lambda: PERMITS)
    both_kinds: list = dataclasses.field(default_factory=lambda: BOTH_KINDS)
    henan: bool = False  # 河南省社会信用条例 art. 13 and 20 apply
    organisations_only: list = dataclasses.field(default_factory=lambda: ORGANISATIONS_ONLY)


CITIES = {
    "shijiazhuang": City("shijiazhuang/2026-01", 130100, 990100, 64),
    "chengde": City("chengde/2026-01", 130800, 990200, 12),
    "zhoukou": City("zhoukou/2026-01", 411600, 990300, 12, henan=True),
    "yancheng": City("yancheng/2026-01", 320900, 990400, 12),
    "shenzhen": City("shenzhen/2026-01", 440300, 990500, 12),
}
