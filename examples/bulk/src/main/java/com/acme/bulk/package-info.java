/**
 * Writes many documents into Elasticsearch with {@code POST /_bulk}, on many threads, through the HTTP client that is asked
 * for: the program with which Poolscope began.
 *
 * <p>Each writer has the same bug, in the line marked {@code BUG:}. The answer to a bulk request has an item for every
 * document, tens of kilobytes, and it is closed unread: what becomes of the connection is up to the client. The mended way
 * stands below it in the nested class {@code Mended} and runs with {@code --fixed}.
 */
package com.acme.bulk;
