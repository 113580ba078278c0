package com.acme.shop;

import io.poolscope.model.Lease;

/** Who calls {@link Stock}. */
public final class Checkout {

    private Checkout() {}

    public static Lease reserve(Stock stock, Object response) {
        return deeper(stock, response, 4);
    }

    private static Lease deeper(Stock stock, Object response, int frames) {
        return frames == 0 ? stock.level(response) : deeper(stock, response, frames - 1);
    }
}
