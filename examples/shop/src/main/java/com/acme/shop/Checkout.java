package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.function.Supplier;

/** Takes an order: sees whether the article is there, has it set aside, says what it costs. */
final class Checkout implements Closeable {
    private final Supplier<Stock> warehouse;
    private final Price price;
    private volatile Stock stock;

    Checkout(Supplier<Stock> warehouse, Price price) {
        this.warehouse = warehouse;
        this.price = price;
        this.stock = warehouse.get();
    }

    BigDecimal order(String article) throws IOException {
        reserve(article);
        return price.of(article);
    }

    private void reserve(String article) throws IOException {
        Stock shelves = stock;
        if (shelves.level(article) == 0) {
            throw new UnknownArticleException(article);
        }
        shelves.setAside(article);
    }

    /** What people do about a pool that has run dry, as long as they do not know why: they start it anew. */
    void restartStock() throws IOException {
        Stock dry = stock;
        stock = warehouse.get();
        dry.close();
    }

    @Override
    public void close() throws IOException {
        stock.close();
        price.close();
    }
}
