package io.poolscope.model;

/** Why a connection was closed: {@code poolscope.close.reason}. */
public enum CloseReason {
    /** Its time to live, or the server's keep-alive, had run out. */
    EXPIRED,
    /** It had been idle for longer than the pool allows. */
    IDLE_EVICTED,
    /** The pool had to make room, or keeps no more idle ones. */
    OVERFLOW,
    /** The response was closed before the end of its body was seen, and the library threw the connection away. */
    UNDRAINED,
    /** One side had asked for it: {@code Connection: close}, HTTP/1.0, a body that ends with the connection. */
    NOT_KEEPALIVE,
    /** It was reused and failed before a byte of the response came: the server had closed it meanwhile. */
    STALE,
    /** An exchange on it failed. */
    FAILED,
    /** The application aborted or cancelled the request. */
    ABORTED,
    /** The pool was closed. */
    POOL_CLOSED,
    /** The server had closed it while it was idle, and the pool noticed before using it. */
    SERVER_CLOSED,
    /** Its response was collected without having been closed, and the library took the connection back (OkHttp). */
    LEAKED
}
