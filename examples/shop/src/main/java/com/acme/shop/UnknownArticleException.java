package com.acme.shop;

/** The shop does not sell it, or no longer: not a failure, the customer is told so. */
class UnknownArticleException extends RuntimeException {
    UnknownArticleException(String article) {
        super("no such article: " + article);
    }
}
