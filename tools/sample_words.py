"""The invented words of the sample exports: shop names, people, streets, notes. No real person or shop is meant."""

from __future__ import annotations

from typing import NamedTuple


class BusinessType(NamedTuple):
    """Grade letters, name in both languages, endings of shop names in both."""

    letters: str
    en: str
    zh: str
    endings_en: tuple[str, ...]
    endings_zh: tuple[str, ...]


TYPES = {
    # Complete Journey's household type -> the sample's.
    "FR": BusinessType("CS", "Convenience store", "便利店", ("Shop", "Store", "Mart"), ("便利店", "便民店")),
    "DG": BusinessType("CB", "Supermarket", "超市", ("Market", "Foods"), ("超市", "生活超市")),
    "SN": BusinessType("CZ", "Grocery", "食杂店", ("Grocery", "Pantry"), ("食杂店", "副食店")),
    "DN": BusinessType("CY", "Liquor and tobacco", "烟酒店", ("Wines", "Cellar"), ("烟酒店", "名烟名酒")),
    "DK": BusinessType("CF", "Restaurant", "餐饮店", ("Kitchen", "Diner"), ("餐饮店", "小厨")),
    "FU": BusinessType("CM", "Mall shop", "商场", ("Arcade", "Plaza"), ("商行", "百货")),
    "SK": BusinessType("CX", "Leisure", "娱乐场所", ("Lounge", "Club"), ("娱乐城", "茶座")),
    "GR": BusinessType("CD", "Other", "其他", ("Depot",), ("服务部",)),
}

FIRST_EN = (
    "Maple Harbor Sunrise Westgate Linden Finch Abbey Juniper Cedar Willow Orchard Lantern Anchor Beacon Clover Meadow Heron Swift Birch "
    "Poplar Granite Copper Amber Saffron Bluebell Thistle Heather Ivy Laurel Hazel Rowan Aspen Alder Elder Chestnut Walnut Almond Olive Fern "
    "Moss Pebble Brook River Lakeside Hillside Northgate Southgate Eastgate Kingsway Queensway Parkway Bridge Tower Castle Garden Station "
    "Market Hill Church Mill Forge Foundry Wharf Quay Pier Sail Compass Star Moon Comet Summit Ridge Valley Canyon Prairie Sierra Delta "
    "Coral Pearl Ruby Topaz Jade Silver Golden Crimson Indigo Violet Robin Wren Sparrow Falcon Osprey Otter Badger Fox Marten Bramble"
).split()

FIRST_ZH = (
    "惠民 鑫源 老街 顺达 好邻居 福满家 康乐 聚友 东升 丽都 晨光 百汇 永兴 家家乐 同福 益民 金桥 万客隆 和顺 广源 兴隆 恒泰 瑞丰 宏达 天一 "
    "祥和 德顺 大发 利群 华联 联华 美佳 佳佳 喜洋洋 心连心 一家人 左邻右里 红太阳 新世纪 金太阳 蓝天 绿洲 春天 四季 阳光 星光 月亮湾 "
    "小康 富康 健康 安康 平安 吉祥 如意 聚福 来福 迎春 长青 松鹤 梅园 兰亭 竹林 菊香 荷塘 桂花 桃源 杏林 柳岸 枫林 银杏 梧桐 香樟 玉兰 "
    "南门 北门 东门 西门 中街 新街 桥头 河畔 湖滨 江边 山水 龙泉 凤凰 麒麟 仙鹤 白云 青山 碧水 明珠 翡翠 琥珀 珍珠 水晶 鑫鑫 森森 淼淼 磊磊"
).split()

FAMILY_EN = (
    "Hart Cole Patel Nguyen Oak Marsh Bell Ruiz Maple Stone Reed Flynn Okafor Silva Novak Kim Haddad Rossi Berg Lund Chen Varga Moreau Costa Adler"
).split()
FAMILY_ZH = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐")
GIVEN_ZH = (
    "芳 伟 秀英 敏 静 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 丽华 霞 平 刚 桂兰 建国 志强 玉梅 海燕 晓东 春花 文斌 雪梅 国庆 小红 立新".split()
)

STREETS_EN = ("Main St", "Hill St", "Park Lane", "Station Rd", "Oak Ave", "River Rd", "Chapel Ct", "Mill Rd", "Bridge St", "Harbor Way")
STREETS_ZH = ("人民路", "解放路", "中山路", "建设路", "和平街", "文化路", "新华街", "胜利路", "光明路", "朝阳街")

MANAGERS_EN = ("Ana Ruiz", "Ben Carter", "Chris Doyle", "Dana Wells", "Eli Novak")
MANAGERS_ZH = ("李敏", "周凯", "吴婷", "郑浩", "孙蕾")
BATCHES_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
BATCHES_ZH = ("周一", "周二", "周三", "周四", "周五")
ROUTES_ZH = ("一线", "二线", "三线", "四线", "五线", "六线", "七线", "八线", "九线", "十线")

PRODUCTS = (
    # code, English name, Chinese name, category, category, unit, unit
    ("P001", "Spring water 24 x 0.5 l", "矿泉水 24 瓶装", "drinks", "饮料", "case", "箱"),
    ("P002", "Green tea 15 x 0.5 l", "绿茶 15 瓶装", "drinks", "饮料", "case", "箱"),
    ("P003", "Orange juice 12 x 1 l", "橙汁 12 盒装", "drinks", "饮料", "case", "箱"),
    ("P004", "Lager 12 x 0.5 l", "啤酒 12 罐装", "beer and wine", "酒类", "case", "箱"),
    ("P005", "Red wine 6 x 0.75 l", "红葡萄酒 6 瓶装", "beer and wine", "酒类", "case", "箱"),
    ("P006", "Rice 10 kg", "大米 10 公斤", "staples", "粮油", "bag", "袋"),
    ("P007", "Cooking oil 5 l", "食用油 5 升", "staples", "粮油", "bottle", "桶"),
    ("P008", "Instant noodles 24", "方便面 24 袋", "snacks", "休闲食品", "case", "箱"),
    ("P009", "Biscuits 20 x 100 g", "饼干 20 包", "snacks", "休闲食品", "case", "箱"),
    ("P010", "Washing powder 3 kg", "洗衣粉 3 公斤", "household", "日化", "bag", "袋"),
)

KINDS = (
    ("visit", "拜访"),
    ("visit", "拜访"),
    ("visit", "拜访"),
    ("call", "电话"),
    ("call", "电话"),
    ("message", "微信"),
    ("order", "订单"),
)
NOTES = (
    # outcome, outcome, note, note
    ("order placed", "已下单", "Shelf was half empty, took a full order.", "货架半空，当场补足订单。"),
    ("order placed", "已下单", "Wants delivery before the weekend.", "希望周末前送货。"),
    ("interested", "有意向", "Asked for a second cooler; price list left.", "想加一台冰柜，已留价目表。"),
    ("interested", "有意向", "Will try the new range if samples come first.", "愿意试销新品，先要样品。"),
    ("no need now", "暂不需要", "Stock is enough until the next visit.", "库存够用，下次再订。"),
    ("no need now", "暂不需要", "Owner away, spoke with the assistant.", "店主不在，与店员沟通。"),
    ("display agreed", "同意陈列", "Gets the corner display for four weeks.", "同意堆头陈列四周。"),
    ("display agreed", "同意陈列", "Moved our shelf to eye level.", "陈列已调整到视线高度。"),
    ("complaint", "有投诉", "Two cases damaged last time, to be credited.", "上次两箱破损，需要退款。"),
    ("price asked", "询价", "Compares with a competitor's bundle.", "正在对比竞品的组合价。"),
)
NEXT_ACTIONS = (("call", "电话"), ("promo", "促销"), ("display", "陈列"), ("range", "新品"))
