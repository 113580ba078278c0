package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.pools.RouteSeries;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.engine.start.Settings;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Count;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import io.poolscope.model.Undrained;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every row of the contract's table of metrics, as a scraper reads it from a real server. */
class MetricsTest {

    private static final long MS = 1_000_000;

    private final Shop shop = new Shop();
    private final Said said = new Said();
    private final Telemetry telemetry =
            Telemetry.start(Settings.of("port=0", Map.of(), Map.of()), shop, "1.2.3", null, said);

    @AfterEach
    void stop() {
        telemetry.close(2_000);
        assertThat(said.lines).isEmpty();
    }

    private Scrape scrape() throws Exception {
        return Scrape.of(telemetry.address());
    }

    @Test
    void connectionsAndLeasesAreGaugesThatFollowThePool() throws Exception {
        Route route = shop.pool("gauges", Shop.client("gauges"), "stock", 8080);
        Connection idle = Shop.opened(route);
        Lease lease = Shop.lease(route);
        Wait wait = Wait.begin(route);

        Scrape now = scrape();

        assertThat(now.types).containsEntry("http_client_open_connections", "gauge");
        assertThat(now.value(
                        "http_client_open_connections",
                        "http_connection_state=active",
                        "poolscope_pool_name=gauges",
                        "poolscope_client=gauges",
                        "server_address=stock",
                        "server_port=8080"))
                .isEqualTo(1);
        assertThat(now.value("http_client_open_connections", "http_connection_state=idle"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_lease_active")).isEqualTo(1);
        assertThat(now.value("poolscope_lease_pending")).isEqualTo(1);

        wait.ended(WaitOutcome.CANCELLED);
        lease.end();
        idle.closed(CloseReason.EXPIRED);
        Scrape later = scrape();

        assertThat(later.value("http_client_open_connections", "http_connection_state=active"))
                .isZero();
        assertThat(later.value("http_client_open_connections", "http_connection_state=idle"))
                .isEqualTo(1);
        assertThat(later.value("poolscope_lease_active")).isZero();
        assertThat(later.value("poolscope_lease_pending")).isZero();
    }

    @Test
    void theOldestWaitAndLeaseAgeWhileNothingEnds() throws Exception {
        Client client = Shop.client("ages");
        Route stuck = shop.pool("stuck", client, "a", 1);
        shop.pool("well", client, "b", 2);
        Lease lease = Shop.lease(stuck);
        Wait first = Wait.begin(stuck);
        Wait second = Wait.begin(stuck);

        double before = scrape().value("poolscope_wait_oldest_age_seconds", "poolscope_pool_name=stuck");
        Scrape now = scrape();

        assertThat(before).isPositive();
        assertThat(now.value("poolscope_wait_oldest_age_seconds", "poolscope_pool_name=stuck"))
                .isGreaterThan(before);
        assertThat(now.value("poolscope_lease_oldest_age_seconds", "poolscope_pool_name=stuck"))
                .isGreaterThan(now.value("poolscope_wait_oldest_age_seconds", "poolscope_pool_name=stuck"));
        assertThat(now.value("poolscope_wait_oldest_age_seconds", "poolscope_pool_name=well"))
                .isZero();
        assertThat(now.value("poolscope_lease_oldest_age_seconds", "poolscope_pool_name=well"))
                .isZero();

        first.ended(WaitOutcome.CANCELLED);
        second.ended(WaitOutcome.CANCELLED);
        lease.end();
        assertThat(scrape().value("poolscope_wait_oldest_age_seconds", "poolscope_pool_name=stuck"))
                .isZero();
    }

    @Test
    void waitsAreCountedByOutcomeWithTheObjectiveAsABound() throws Exception {
        Route route = shop.pool("waits", Shop.client("waits"), "stock", 8080);
        route.record(Timing.WAIT_SUCCESS, 50 * MS);
        route.record(Timing.WAIT_SUCCESS, 50 * MS + 1);
        route.record(Timing.WAIT_SUCCESS, 500_000 * MS);
        Wait.begin(route).ended(WaitOutcome.CANCELLED);
        Wait.begin(route).ended(WaitOutcome.FAILED);
        Wait.begin(route).ended(WaitOutcome.FAILED);

        Scrape now = scrape();

        String success = "poolscope_wait_outcome=success";
        assertThat(now.types).containsEntry("poolscope_lease_wait_time_seconds", "histogram");
        assertThat(now.value("poolscope_lease_wait_time_seconds_bucket", success, "le=0.025"))
                .isZero();
        assertThat(now.value("poolscope_lease_wait_time_seconds_bucket", success, "le=0.05"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_lease_wait_time_seconds_bucket", success, "le=0.1"))
                .isEqualTo(2);
        assertThat(now.value("poolscope_lease_wait_time_seconds_bucket", success, "le=180.0"))
                .isEqualTo(2);
        assertThat(now.value("poolscope_lease_wait_time_seconds_bucket", success, "le=+Inf"))
                .isEqualTo(3);
        assertThat(now.value("poolscope_lease_wait_time_seconds_count", success))
                .isEqualTo(3);
        assertThat(now.value("poolscope_lease_wait_time_seconds_sum", success))
                .isEqualTo(0.1 + 1e-9 + 500, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(now.find("poolscope_lease_wait_time_seconds_bucket", success))
                .hasSize(19);
        assertThat(now.value("poolscope_lease_wait_time_seconds_count", "poolscope_wait_outcome=timeout"))
                .as("the first timeout must be seen by rate()")
                .isZero();
        assertThat(now.value("poolscope_lease_abandoned_total", "poolscope_wait_outcome=cancelled"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_lease_abandoned_total", "poolscope_wait_outcome=failed"))
                .isEqualTo(2);
    }

    @Test
    void aTimedOutWaitIsInTheHistogramOfTimeouts() throws Exception {
        Route route = shop.pool("timeouts", Shop.client("timeouts"), "stock", 8080);
        Wait.begin(route).ended(WaitOutcome.TIMEOUT);

        assertThat(scrape().value("poolscope_lease_wait_time_seconds_count", "poolscope_wait_outcome=timeout"))
                .isEqualTo(1);
    }

    @Test
    void aClientThatNeverWaitsHasNoHistogramOfWaits() throws Exception {
        shop.pool("okhttp", Shop.client("okhttp"), "stock", 8080);

        assertThat(scrape().text).doesNotContain("poolscope_lease_wait_time");
    }

    @Test
    void leasesAreCountedByReuseAndTimed() throws Exception {
        Route route = shop.pool("leases", Shop.client("leases"), "stock", 8080);
        Connection connection = Shop.opened(route);

        Scrape before = scrape();
        Shop.request(route, connection, null);
        Shop.request(route, connection, null);
        Shop.request(route, connection, null);
        Scrape now = scrape();

        assertThat(before.value("poolscope_lease_granted_total", "poolscope_connection_reused=true"))
                .isZero();
        assertThat(before.value("poolscope_lease_granted_total", "poolscope_connection_reused=false"))
                .isZero();
        assertThat(now.value("poolscope_lease_granted_total", "poolscope_connection_reused=true"))
                .isEqualTo(2);
        assertThat(now.value("poolscope_lease_granted_total", "poolscope_connection_reused=false"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_lease_use_time_seconds_count")).isEqualTo(3);
        assertThat(now.value("poolscope_lease_response_time_seconds_count")).isEqualTo(3);
        assertThat(now.value("poolscope_connection_create_time_seconds_count")).isEqualTo(1);
        assertThat(now.value("poolscope_connection_idle_age_seconds_count", "poolscope_reuse_outcome=ok"))
                .isEqualTo(2);
        assertThat(now.find("poolscope_connection_idle_age_seconds_count", "poolscope_reuse_outcome=stale"))
                .isEmpty();
    }

    @Test
    void coarserBoundsLoseNoRecording() throws Exception {
        Route route = shop.pool("coarse", Shop.client("coarse"), "stock", 8080);
        long[] recorded = {1, MS / 10, MS / 2 + 1, MS, MS + 1, 30_000 * MS, 30_001 * MS, 61_000 * MS, 181_000 * MS};
        for (long nanos : recorded) {
            route.record(Timing.USE, nanos);
        }

        Scrape now = scrape();

        assertThat(now.value("poolscope_lease_use_time_seconds_bucket", "le=0.001"))
                .isEqualTo(4);
        assertThat(now.value("poolscope_lease_use_time_seconds_bucket", "le=0.005"))
                .isEqualTo(5);
        assertThat(now.value("poolscope_lease_use_time_seconds_bucket", "le=10.0"))
                .isEqualTo(5);
        assertThat(now.value("poolscope_lease_use_time_seconds_bucket", "le=60.0"))
                .isEqualTo(7);
        assertThat(now.value("poolscope_lease_use_time_seconds_bucket", "le=+Inf"))
                .isEqualTo(9);
        assertThat(now.value("poolscope_lease_use_time_seconds_count")).isEqualTo(9);
    }

    @Test
    void failedConnectsAreTimedByTypeOfError() throws Exception {
        Route route = shop.pool("connects", Shop.client("connects"), "stock", 8080);
        Connection connection = new Connection(route);
        connection.opening();
        connection.failedToOpen("java.net.ConnectException");

        Scrape now = scrape();

        assertThat(now.value("poolscope_connection_create_time_seconds_count", "error_type=java.net.ConnectException"))
                .isEqualTo(1);
        assertThat(now.find("poolscope_connection_create_time_seconds_count")).hasSize(1);
    }

    @Test
    void closesAreCountedByReasonAndAllReasonsAreThereFromTheBeginning() throws Exception {
        Route route = shop.pool("closes", Shop.client("closes"), "stock", 8080);
        Shop.opened(route).closed(CloseReason.IDLE_EVICTED);

        Scrape now = scrape();

        assertThat(now.find("poolscope_connection_closes_total")).hasSize(CloseReason.values().length);
        assertThat(now.value("poolscope_connection_closes_total", "poolscope_close_reason=idle_evicted"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_connection_closes_total", "poolscope_close_reason=stale"))
                .isZero();
        assertThat(now.value("http_client_connection_duration_seconds_count")).isEqualTo(1);
        assertThat(now.find("http_client_connection_duration_seconds_bucket")).hasSize(17);
    }

    @Test
    void aStaleConnectionShowsForHowLongItHadBeenIdle() throws Exception {
        Route route = shop.pool("stale", Shop.client("stale"), "stock", 8080);
        Connection connection = Shop.opened(route);
        Shop.request(route, connection, null);
        Lease lease = Shop.lease(route, connection);
        lease.requestSent(null);
        lease.exchangeFailed();
        connection.closed(CloseReason.FAILED);
        lease.end();

        Scrape now = scrape();

        assertThat(now.value("poolscope_connection_idle_age_seconds_count", "poolscope_reuse_outcome=stale"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_connection_closes_total", "poolscope_close_reason=stale"))
                .isEqualTo(1);
    }

    @Test
    void aLeakHoldsASlotUntilItEndsAfterAll() throws Exception {
        Route route = shop.pool("leaks", Shop.client("leaks"), "stock", 8080);
        Lease lease = Shop.lease(route);
        assertThat(scrape().value("poolscope_connection_leaked", "poolscope_pool_name=leaks"))
                .isZero();
        lease.leaked();
        assertThat(scrape().value("poolscope_connection_leaked")).isEqualTo(1);
        lease.end();
        assertThat(scrape().value("poolscope_connection_leaked")).isZero();
    }

    @Test
    void callSitesAreToldOnlyWhereSomethingHappened() throws Exception {
        shop.site(new SiteSeries("p", "sites", "stock", 8080, null, "Stock.level", 17, 2, 0, 0));
        shop.site(new SiteSeries("p", "sites", "stock", 8080, null, "Slow.stream", 0, 0, 0, 0));
        shop.site(new SiteSeries("p", "sites", "stock", 8080, "proxy:3128", "Indexer.flush", 0, 0, 212, 3));

        Scrape now = scrape();

        assertThat(now.value("poolscope_response_leaks_total", "code_function_name=Stock.level"))
                .isEqualTo(17);
        assertThat(now.find("poolscope_response_leaks_total")).hasSize(1);
        assertThat(now.value("poolscope_response_suspected_leaks", "code_function_name=Stock.level"))
                .isEqualTo(2);
        assertThat(now.value("poolscope_response_suspected_leaks", "code_function_name=Slow.stream"))
                .as("it came back")
                .isZero();
        assertThat(now.find("poolscope_response_suspected_leaks")).hasSize(2);
        assertThat(now.value(
                        "poolscope_response_undrained_total",
                        "code_function_name=Indexer.flush",
                        "poolscope_undrained_outcome=discarded",
                        "poolscope_proxy_address=proxy:3128"))
                .isEqualTo(212);
        assertThat(now.value("poolscope_response_undrained_total", "poolscope_undrained_outcome=drained_on_close"))
                .isEqualTo(3);
    }

    @Test
    void drainingIsTimedForThePool() throws Exception {
        Client client = Shop.client("drains");
        for (Route route : shop.pool("drains", client, List.of("a:1", "b:2"))) {
            Lease lease = Shop.lease(route);
            lease.closedUndrained(Undrained.DRAINED_ON_CLOSE, 3 * MS);
            lease.end();
        }

        Scrape now = scrape();

        assertThat(now.value("poolscope_response_drain_time_seconds_count")).isEqualTo(2);
        assertThat(now.find("poolscope_response_drain_time_seconds_count", "server_address=a"))
                .isEmpty();
        assertThat(now.value("poolscope_response_drain_time_seconds_sum")).isEqualTo(0.006);
    }

    @Test
    void limitsAreToldWhereThereAreSome() throws Exception {
        Client client = Shop.client("limits");
        List<Route> routes = shop.pool("bounded", client, List.of("own:1", "default:2"));
        routes.get(0).pool().limit(20);
        routes.get(0).pool().routeLimit(5);
        routes.get(0).limit(7);
        Route other = shop.pool("idle", client, "c", 3);
        other.pool().idleLimit(4);
        other.pool().dispatcherLimits(64, 5);

        Scrape now = scrape();

        assertThat(now.value("poolscope_pool_connection_limit", "poolscope_pool_name=bounded"))
                .isEqualTo(20);
        assertThat(now.find("poolscope_pool_connection_limit")).hasSize(1);
        assertThat(now.value("poolscope_route_connection_limit", "server_address=own"))
                .isEqualTo(7);
        assertThat(now.value("poolscope_route_connection_limit", "server_address=default"))
                .isEqualTo(5);
        assertThat(now.find("poolscope_route_connection_limit")).hasSize(2);
        assertThat(now.value("poolscope_pool_idle_limit", "poolscope_pool_name=idle"))
                .isEqualTo(4);
        assertThat(now.value("poolscope_dispatcher_request_limit", "poolscope_pool_name=idle"))
                .isEqualTo(64);
        assertThat(now.value("poolscope_route_request_limit", "server_address=c"))
                .isEqualTo(5);
        assertThat(now.find("poolscope_route_request_limit")).hasSize(1);
    }

    @Test
    void whatIsPastTheBoundsIsOneSumWithoutALimit() throws Exception {
        Client client = Shop.client("others");
        Route a =
                Shop.poolOf(shop.pool("a", client, "a", 1)).routes().iterator().next();
        Route b = shop.pool("b", client, "b", 2);
        shop.hide("a");
        shop.hide("b");
        Route gathered = io.poolscope.model.Pool.others(client);
        shop.show(new PoolSeries(
                Names.OTHER,
                client.name(),
                null,
                List.of(new RouteSeries(Route.OTHER, -1, null, List.of(a, b, gathered)))));
        a.add(Count.LEASES, 2);
        b.add(Count.LEASES, 3);
        a.record(Timing.USE, MS);
        b.record(Timing.USE, MS);
        a.limit(5);

        Scrape now = scrape();

        assertThat(now.value("poolscope_lease_active", "poolscope_pool_name=_OTHER", "server_address=_OTHER"))
                .isEqualTo(5);
        assertThat(now.value("poolscope_lease_use_time_seconds_count")).isEqualTo(2);
        assertThat(now.text).doesNotContain("server_port").doesNotContain("poolscope_route_connection_limit");
    }

    @Test
    void routesThatAreToldAlikeAreOneSeries() throws Exception {
        Client client = Shop.client("secret");
        List<Route> routes = shop.pool("secret", client, List.of("a:1", "b:2"));
        shop.hide("secret");
        shop.show(new PoolSeries(
                "secret",
                client.name(),
                routes.get(0).pool(),
                List.of(
                        new RouteSeries(null, -1, null, List.of(routes.get(0))),
                        new RouteSeries(null, -1, null, List.of(routes.get(1))))));
        routes.get(0).add(Count.LEASES, 2);
        routes.get(1).add(Count.LEASES, 3);

        Scrape now = scrape();

        assertThat(now.value("poolscope_lease_active")).isEqualTo(5);
        assertThat(now.text).doesNotContain("server_address");
    }

    @Test
    void http2IsToldByItsVersion() throws Exception {
        Route route = shop.pool("h2", Shop.client("h2"), "stock", 443);
        route.protocol("2");

        assertThat(scrape().value("poolscope_lease_active", "network_protocol_version=2"))
                .isZero();
    }

    @Test
    void nothingIsToldOfAClientThatWasTripped() throws Exception {
        Client client = Client.add("tripped", "httpclient", "4.5.14", Client.TRIPPED);
        Route route = shop.pool("tripped", client, "stock", 8080);
        route.pool().limit(20);
        shop.site(new SiteSeries("tripped", "tripped", "stock", 8080, null, "Stock.level", 1, 0, 0, 0));

        Scrape now = scrape();

        assertThat(now.text).doesNotContain("poolscope_pool_name=\"tripped\"");
        assertThat(now.value("poolscope_instrumentation_state", "poolscope_client=tripped", "poolscope_state=tripped"))
                .isEqualTo(1);
    }

    @Test
    void aCopyThatWasMovedIsTrippedAloneAndHasAStateOfItsOwn() throws Exception {
        String copy = "net.lake.internal.http";
        Shop.client("moved");
        Client.add("moved", "httpclient", copy, "4.5.14", Client.TRIPPED);
        shop.site(new SiteSeries("httpclient@Stock", "moved", "stock", 8080, null, "Stock.level", 1, 0, 0, 0));
        shop.site(new SiteSeries(copy + "@Lake", "moved", "lake", 8080, null, "Lake.read", 1, 0, 0, 0));

        Scrape now = scrape();

        assertThat(now.text).contains("Stock.level").doesNotContain("Lake.read");
        assertThat(now.value(
                        "poolscope_instrumentation_state",
                        "poolscope_client=moved",
                        "poolscope_library_name=httpclient",
                        "poolscope_state=on"))
                .isEqualTo(1);
        assertThat(now.value(
                        "poolscope_instrumentation_state",
                        "poolscope_client=moved",
                        "poolscope_library_name=" + copy,
                        "poolscope_state=tripped"))
                .isEqualTo(1);
    }

    @Test
    void twoCopiesOfALibraryAreOneSeriesOfState() throws Exception {
        Shop.client("twice");
        Client.suppressed(
                new IllegalStateException("ours"), Shop.client("twice").id());

        Scrape now = scrape();

        assertThat(now.value(
                        "poolscope_instrumentation_state",
                        "poolscope_client=twice",
                        "poolscope_library_version=4.5.14",
                        "poolscope_state=on"))
                .isEqualTo(1);
        assertThat(now.value("poolscope_instrumentation_failures_total", "poolscope_client=twice"))
                .isEqualTo(1);
    }

    @Test
    void ourOwnBoundsAreTold() throws Exception {
        shop.pool("one", Shop.client("bounds"), "stock", 8080);

        Scrape now = scrape();

        assertThat(now.value("poolscope_pool_count")).isEqualTo(1);
        assertThat(now.value("poolscope_overflow")).isZero();
    }

    @Test
    void aPoolThatIsGoneLeavesNoSeriesBehind() throws Exception {
        shop.pool("gone", Shop.client("gone"), "stock", 8080);
        assertThat(scrape().text).contains("poolscope_pool_name=\"gone\"");

        shop.hide("gone");

        assertThat(scrape().text).doesNotContain("poolscope_pool_name=\"gone\"");
    }

    @Test
    void whatTheSdkCountsOfItselfIsNotServed() throws Exception {
        shop.pool("own", Shop.client("own"), "stock", 8080);

        Scrape now = scrape();

        assertThat(now.types.keySet().stream()
                        .filter(name -> !name.startsWith("poolscope_") && !name.startsWith("http_client_"))
                        .collect(Collectors.toList()))
                .containsExactly("target_info");
    }

    @Test
    void theResourceSaysWhoThisIs() throws Exception {
        Scrape now = scrape();

        String pid = Long.toString(ProcessHandle.current().pid());
        assertThat(now.value(
                        "target_info",
                        "process_pid=" + pid,
                        "telemetry_distro_name=poolscope",
                        "telemetry_distro_version=1.2.3"))
                .isEqualTo(1);
        assertThat(now.text).contains("service_instance_id=\"").doesNotContain("unknown_service");
    }
}
