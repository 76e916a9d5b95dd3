"""A stand-in for Stripe, WeChat Pay and Alipay: a process of its own, over HTTP, with keys and books of its own."""
