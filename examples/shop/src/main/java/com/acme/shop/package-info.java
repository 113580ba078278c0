/**
 * The back end of a small web shop: it asks seven services over HTTP, with Apache HttpClient 4 and with OkHttp.
 *
 * <p>Six of its classes have a bug of the kind that is found in production at night. The line is marked {@code BUG:};
 * the mended way stands below it in the nested class {@code Mended}, or beside it in the factory method {@code open}.
 * The shop runs with its bugs, or with {@code --fixed} without them.
 */
package com.acme.shop;
