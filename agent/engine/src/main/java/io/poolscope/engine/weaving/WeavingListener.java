package io.poolscope.engine.weaving;

import io.poolscope.model.Client;

/** What is told of weaving. Called from the application's threads, under class loading: be quick, never throw. */
public interface WeavingListener {

    /** A library is woven from now on. */
    void watched(Client client);

    /**
     * A library is not woven.
     *
     * @param reason why, as the end of a sentence: {@code "okhttp3…RealCall has no method callDone"}
     */
    void notWatched(Client client, String reason);

    /** Weaving itself failed, in a way that no library is to blame for. */
    void failed(String what, Throwable failure);
}
