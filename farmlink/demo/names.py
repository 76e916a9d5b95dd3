"""What the scenario's goods are called in Chinese."""

from typing import Final

CHINESE: Final = {
    "apples": "苹果",
    "peaches": "桃子",
    "blueberries": "蓝莓",
    "potatoes": "土豆",
    "tomatoes": "番茄",
    "carrots": "胡萝卜",
    "squash": "南瓜",
    "salad greens": "沙拉菜",
    "onions": "洋葱",
    "peppers": "甜椒",
    "eggs": "鸡蛋",
    "honey": "蜂蜜",
    "maple syrup": "枫糖浆",
    "cider": "苹果汁",
    "milk": "牛奶",
    "cheese": "奶酪",
    "ground beef": "牛肉馅",
    "chicken": "鸡肉",
    "dry beans": "干豆",
    "mushrooms": "蘑菇",
    "preserves": "果酱",
    "herbs": "香草",
}
