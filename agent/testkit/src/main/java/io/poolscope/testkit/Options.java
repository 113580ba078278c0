package io.poolscope.testkit;

import java.net.InetSocketAddress;
import java.time.Duration;

/** How a scenario wants its client. What a library does not have it leaves out; its {@link Traits} say so. */
public final class Options {

    private int perRoute = 5;
    private int total = 10;
    private Duration waitTimeout = Duration.ZERO;
    private Duration keepAlive = Duration.ofMinutes(5);
    private Duration maximumAge = Duration.ZERO;
    private boolean retries = true;
    private boolean http2;
    private boolean anyHost;
    private Trust trust;
    private InetSocketAddress proxy;
    private String[] proxyUser;
    private boolean minimal;
    private boolean single;
    private boolean checking;
    private boolean alone;

    /** Connections (or running calls) for each route and in all. */
    public Options pool(int perRoute, int total) {
        this.perRoute = perRoute;
        this.total = total;
        return this;
    }

    /** How long a request waits for a connection; zero is for ever. */
    public Options waitTimeout(Duration timeout) {
        this.waitTimeout = timeout;
        return this;
    }

    /** How long an idle connection is kept by a pool that evicts by itself. */
    public Options keepAlive(Duration keepAlive) {
        this.keepAlive = keepAlive;
        return this;
    }

    /** How old a connection may become; zero is for ever. */
    public Options maximumAge(Duration age) {
        this.maximumAge = age;
        return this;
    }

    public Options noRetries() {
        this.retries = false;
        return this;
    }

    public Options http2() {
        this.http2 = true;
        return this;
    }

    /** Every host name leads to this machine. */
    public Options anyHost() {
        this.anyHost = true;
        return this;
    }

    public Options trust(Trust trust) {
        this.trust = trust;
        return this;
    }

    /** Every request goes through this proxy. */
    public Options proxy(InetSocketAddress proxy) {
        this.proxy = proxy;
        return this;
    }

    /** What the proxy is told when it asks; see {@link Traits#answersProxies}. */
    public Options proxyUser(String name, String password) {
        this.proxyUser = new String[] {name, password};
        return this;
    }

    /** A client without redirects, retries and the like; see {@link Traits#hasMinimalClients}. */
    public Options minimal() {
        this.minimal = true;
        return this;
    }

    /** One connection, for which nobody waits; see {@link Traits#hasSingleConnections}. */
    public Options single() {
        this.single = true;
        return this;
    }

    /** Connections are probed before each reuse; see {@link Traits#probesIfAsked}. */
    public Options checking() {
        this.checking = true;
        return this;
    }

    /** Nobody shares the client's pool, so that it ends with the client; see {@link Client#close}. */
    public Options alone() {
        this.alone = true;
        return this;
    }

    public int perRoute() {
        return perRoute;
    }

    public int total() {
        return total;
    }

    public Duration waitTimeout() {
        return waitTimeout;
    }

    public Duration keepAlive() {
        return keepAlive;
    }

    public Duration maximumAge() {
        return maximumAge;
    }

    public boolean retries() {
        return retries;
    }

    public boolean isHttp2() {
        return http2;
    }

    public boolean isAnyHost() {
        return anyHost;
    }

    /** Whom to trust, or null for the platform's own. */
    public Trust trust() {
        return trust;
    }

    public boolean isAlone() {
        return alone;
    }

    public boolean isMinimal() {
        return minimal;
    }

    public boolean isSingle() {
        return single;
    }

    public boolean isChecking() {
        return checking;
    }

    /** Name and password for the proxy, or null for none. */
    public String[] proxyUser() {
        return proxyUser == null ? null : proxyUser.clone();
    }

    /** The proxy, or null for none. */
    public InetSocketAddress proxy() {
        return proxy;
    }
}
