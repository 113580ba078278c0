package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/** {@link Names} of attributes as the SDK's typed keys. */
final class Keys {

    static final AttributeKey<String> POOL_NAME = AttributeKey.stringKey(Names.POOL_NAME);
    static final AttributeKey<String> CLIENT = AttributeKey.stringKey(Names.CLIENT);
    static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey(Names.SERVER_ADDRESS);
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey(Names.SERVER_PORT);
    static final AttributeKey<String> PROXY_ADDRESS = AttributeKey.stringKey(Names.PROXY_ADDRESS);
    static final AttributeKey<String> PROTOCOL_VERSION = AttributeKey.stringKey(Names.PROTOCOL_VERSION);
    static final AttributeKey<String> CONNECTION_STATE = AttributeKey.stringKey(Names.CONNECTION_STATE);
    static final AttributeKey<String> WAIT_OUTCOME = AttributeKey.stringKey(Names.WAIT_OUTCOME);
    static final AttributeKey<Boolean> CONNECTION_REUSED = AttributeKey.booleanKey(Names.CONNECTION_REUSED);
    static final AttributeKey<String> CLOSE_REASON = AttributeKey.stringKey(Names.CLOSE_REASON);
    static final AttributeKey<String> REUSE_OUTCOME = AttributeKey.stringKey(Names.REUSE_OUTCOME);
    static final AttributeKey<String> UNDRAINED_OUTCOME = AttributeKey.stringKey(Names.UNDRAINED_OUTCOME);
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey(Names.ERROR_TYPE);
    static final AttributeKey<String> CODE_FUNCTION = AttributeKey.stringKey(Names.CODE_FUNCTION);
    static final AttributeKey<String> CODE_STACKTRACE = AttributeKey.stringKey(Names.CODE_STACKTRACE);
    static final AttributeKey<String> LIBRARY_NAME = AttributeKey.stringKey(Names.LIBRARY_NAME);
    static final AttributeKey<String> LIBRARY_VERSION = AttributeKey.stringKey(Names.LIBRARY_VERSION);
    static final AttributeKey<String> STATE = AttributeKey.stringKey(Names.STATE);

    private Keys() {}

    /** Pool, client and route, without what does not apply: a null host, a negative port, a null proxy. */
    static AttributesBuilder route(String pool, String client, String host, int port, String proxy) {
        AttributesBuilder attributes = Attributes.builder().put(POOL_NAME, pool).put(CLIENT, client);
        if (host != null) {
            attributes.put(SERVER_ADDRESS, host);
        }
        if (port >= 0) {
            attributes.put(SERVER_PORT, (long) port);
        }
        if (proxy != null) {
            attributes.put(PROXY_ADDRESS, proxy);
        }
        return attributes;
    }
}
