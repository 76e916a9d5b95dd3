"""The whole cycle on real farms, with orders, prices and answers that are made from a seed and said to be made."""
