package io.poolscope.testkit;

/** Where the clients' truths differ. Scenarios ask here; nothing else in the kit knows one client from another. */
public final class Traits {

    /** Where a request waits when the pool is busy. */
    public enum Waits {
        IN_THE_POOL,
        IN_THE_DISPATCHER,
        NEVER
    }

    /** What becomes of a connection whose response is closed before the end of its body was seen. */
    public enum Fate {
        /** Closed with it. */
        DISCARDED,
        /** Read to its end inside the close, and kept. */
        DRAINED,
        /** Closed with its request, which is cancelled: there is no other way to be rid of a response. */
        CANCELLED,
        /** The library had seen the end already: nothing was left to drain. */
        COMPLETE
    }

    private Waits waits = Waits.NEVER;
    private String neverTimesOut;
    private String neverDrains;
    private String keepsWhatIsDropped;
    private Fate unreadSmall = Fate.DISCARDED;
    private Fate unreadLarge = Fate.DISCARDED;
    private Fate readToLength = Fate.DISCARDED;
    private boolean leakHoldsItsSlot;
    private boolean closesWhatIsOut;
    private boolean hasLimits;
    private boolean noTotalLimit;
    private String absent;
    private boolean hasMaximumAge;
    private boolean checksBeforeReuse;
    private boolean noticesWhatIsClosed;
    private boolean deafToCancelling;
    private boolean brokenByAborts;
    private boolean deadlocksWhenClosed;
    private int connectionsOfThreeStreams;
    private String noHttp2 = "it does not speak HTTP/2";
    private String noHttp2FromAPool = "it does not lease connections for HTTP/2 from a pool";
    private boolean proxies;
    private boolean answersProxies;
    private boolean sharesPools;
    private boolean limitsRoutes;
    private boolean changesLimits;
    private boolean countsCancelledWaits;
    private boolean losesGrants;
    private boolean handlesResponses;
    private boolean closesAtOnce;
    private boolean hasMinimalClients;
    private boolean hasSingleConnections;
    private boolean probesIfAsked;
    private boolean interruptible;
    private boolean losesWhatAnInterruptedThreadIsGranted;
    private boolean connectsAgain;
    private int leasesOfARedirect = 1;
    private int idleLimit;

    public Traits waits(Waits where) {
        this.waits = where;
        return this;
    }

    /** That a wait has no timeout, and why. */
    public Traits neverTimesOut(String why) {
        this.neverTimesOut = why;
        return this;
    }

    /** That closing a stream never reads the rest, and why. */
    public Traits neverDrains(String why) {
        this.neverDrains = why;
        return this;
    }

    /** That a response which the application has dropped is not collected, and why. */
    public Traits keepsWhatIsDropped(String why) {
        this.keepsWhatIsDropped = why;
        return this;
    }

    public Traits closedUnread(Fate small, Fate large) {
        this.unreadSmall = small;
        this.unreadLarge = large;
        return this;
    }

    public Traits readToLengthAndClosed(Fate fate) {
        this.readToLength = fate;
        return this;
    }

    /** A lost response keeps its slot for ever. */
    public Traits leakHoldsItsSlot() {
        this.leakHoldsItsSlot = true;
        return this;
    }

    /** An abort at the wrong moment breaks the library itself: it loses the connection, or never comes to an end. */
    public Traits brokenByAborts(boolean broken) {
        this.brokenByAborts = broken;
        return this;
    }

    public boolean isBrokenByAborts() {
        return brokenByAborts;
    }

    /** While a request waits, closing its pool waits for itself. */
    public Traits deadlocksWhenClosed(boolean deadlocks) {
        this.deadlocksWhenClosed = deadlocks;
        return this;
    }

    public boolean doesDeadlockWhenClosed() {
        return deadlocksWhenClosed;
    }

    /** Closing the pool closes the connections that are out, too. */
    public Traits closesWhatIsOut() {
        this.closesWhatIsOut = true;
        return this;
    }

    /** The pool has a greatest number of connections, for each route and in all. */
    public Traits hasLimits() {
        this.hasLimits = true;
        return this;
    }

    /** Only routes have a greatest number of connections. */
    public Traits noTotalLimit() {
        this.noTotalLimit = true;
        return this;
    }

    /** This version has no such client at all, and why. */
    public Traits absent(String why) {
        this.absent = why;
        return this;
    }

    /** Connections can be made to expire by age. */
    public Traits hasMaximumAge() {
        this.hasMaximumAge = true;
        return this;
    }

    /** Each connection is probed before each reuse, so that one closed by the server is never handed out. */
    public Traits checksBeforeReuse(boolean checks) {
        this.checksBeforeReuse = checks;
        return this;
    }

    /** Connections that the server closes while they are idle are gone soon, without anybody asking for one. */
    public Traits noticesWhatIsClosed() {
        this.noticesWhatIsClosed = true;
        return this;
    }

    /** A request on a connection that had served before is not ended by being cancelled, though it says so. */
    public Traits deafToCancelling() {
        this.deafToCancelling = true;
        return this;
    }

    public Traits http2() {
        this.noHttp2 = null;
        return this;
    }

    /** It speaks HTTP/2 on connections that it leases from a pool: so many for three requests at once, where one was idle. */
    public Traits connectionsOfThreeStreams(int connections) {
        this.connectionsOfThreeStreams = connections;
        return noHttp2FromAPool(null);
    }

    /** That it cannot speak HTTP/2 on connections of a pool, as it should, and why; null if it can. */
    public Traits noHttp2FromAPool(String why) {
        this.noHttp2 = "its connections for HTTP/2 are those of its pool";
        this.noHttp2FromAPool = why;
        return this;
    }

    /** It goes through an HTTP proxy where it is told to. */
    public Traits proxies() {
        this.proxies = true;
        return this;
    }

    /** It tells a proxy that asks its name and password. */
    public Traits answersProxies() {
        this.answersProxies = true;
        return this;
    }

    /** Several clients can have one pool. */
    public Traits sharesPools() {
        this.sharesPools = true;
        return this;
    }

    /** A route can have a limit of its own. */
    public Traits limitsRoutes() {
        this.limitsRoutes = true;
        return this;
    }

    /** Limits can be changed while the pool is in use. */
    public Traits changesLimits() {
        this.changesLimits = true;
        return this;
    }

    /** The pool goes on counting a wait that was cancelled, until something is given back. */
    public Traits countsCancelledWaits() {
        this.countsCancelledWaits = true;
        return this;
    }

    /** A connection that is granted as its request gives up waiting is lost to the pool for good. */
    public Traits losesGrants() {
        this.losesGrants = true;
        return this;
    }

    /** It can hand the response to a handler, and closes it itself. */
    public Traits handlesResponses() {
        this.handlesResponses = true;
        return this;
    }

    /** A response can be closed without regard for the connection. */
    public Traits closesAtOnce() {
        this.closesAtOnce = true;
        return this;
    }

    /** It has a client without redirects, retries and the like. */
    public Traits hasMinimalClients() {
        this.hasMinimalClients = true;
        return this;
    }

    /** It has a pool of one connection, for which nobody waits. */
    public Traits hasSingleConnections() {
        this.hasSingleConnections = true;
        return this;
    }

    /** Where the other side closes before a request is written, it connects again, however often that happens. */
    public Traits connectsAgain() {
        this.connectsAgain = true;
        return this;
    }

    /** It can be told to probe a connection before it is reused. */
    public Traits probesIfAsked() {
        this.probesIfAsked = true;
        return this;
    }

    /** A thread that waits in it can be interrupted. */
    public Traits interruptible() {
        this.interruptible = true;
        return this;
    }

    /** The pool grants a connection to a thread that was interrupted while it waited, and loses it so. */
    public Traits losesWhatAnInterruptedThreadIsGranted() {
        this.losesWhatAnInterruptedThreadIsGranted = true;
        return this;
    }

    public Traits leasesOfARedirect(int leases) {
        this.leasesOfARedirect = leases;
        return this;
    }

    /** How many idle connections the pool keeps. */
    public Traits idleLimit(int limit) {
        this.idleLimit = limit;
        return this;
    }

    public Waits waits() {
        return waits;
    }

    /** Why a wait cannot time out, or null if it can. */
    public String neverTimesOut() {
        return neverTimesOut;
    }

    /** Why closing a stream never reads the rest, or null if it does. */
    public String neverDrains() {
        return neverDrains;
    }

    /** Why a response that was dropped is not collected, or null if it is. */
    public String keepsWhatIsDropped() {
        return keepsWhatIsDropped;
    }

    public Fate unreadSmall() {
        return unreadSmall;
    }

    public Fate unreadLarge() {
        return unreadLarge;
    }

    public Fate readToLength() {
        return readToLength;
    }

    public boolean doesALeakHoldItsSlot() {
        return leakHoldsItsSlot;
    }

    public boolean doesCloseWhatIsOut() {
        return closesWhatIsOut;
    }

    public boolean isLimited() {
        return hasLimits;
    }

    public boolean isLimitedInTotal() {
        return hasLimits && !noTotalLimit;
    }

    /** Why this version has no such client, or null if it has. */
    public String absent() {
        return absent;
    }

    public boolean canExpire() {
        return hasMaximumAge;
    }

    public boolean doesCheckBeforeReuse() {
        return checksBeforeReuse;
    }

    public boolean doesNoticeWhatIsClosed() {
        return noticesWhatIsClosed;
    }

    public boolean isDeafToCancelling() {
        return deafToCancelling;
    }

    /** Why it cannot share connections of HTTP/2 that belong to no pool, or null if it can. */
    public String noHttp2() {
        return noHttp2;
    }

    /** Why it cannot speak HTTP/2 on connections of a pool, or null if it can. */
    public String noHttp2FromAPool() {
        return noHttp2FromAPool;
    }

    /** So many connections for three requests of HTTP/2 at once. */
    public int connectionsOfThreeStreams() {
        return connectionsOfThreeStreams;
    }

    public boolean canProxy() {
        return proxies;
    }

    public boolean canAnswerProxies() {
        return answersProxies;
    }

    public boolean canShareItsPool() {
        return sharesPools;
    }

    public boolean canLimitARoute() {
        return limitsRoutes;
    }

    public boolean canChangeLimits() {
        return changesLimits;
    }

    public boolean doesCountCancelledWaits() {
        return countsCancelledWaits;
    }

    public boolean doesLoseGrants() {
        return losesGrants;
    }

    public boolean canHandleResponses() {
        return handlesResponses;
    }

    public boolean canCloseAtOnce() {
        return closesAtOnce;
    }

    public boolean canBeMinimal() {
        return hasMinimalClients;
    }

    public boolean canBeSingle() {
        return hasSingleConnections;
    }

    public boolean doesConnectAgain() {
        return connectsAgain;
    }

    public boolean canProbe() {
        return probesIfAsked;
    }

    public boolean canBeInterrupted() {
        return interruptible;
    }

    public boolean doesLoseWhatAnInterruptedThreadIsGranted() {
        return losesWhatAnInterruptedThreadIsGranted;
    }

    public int leasesOfARedirect() {
        return leasesOfARedirect;
    }

    public int idleLimit() {
        return idleLimit;
    }
}
