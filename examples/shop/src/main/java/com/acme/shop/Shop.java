package com.acme.shop;

import com.acme.shop.backends.Backend;
import com.acme.shop.backends.Backends;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The shop and its customers: opens, sells for as long as it is told to, closes, says how it went. */
public final class Shop {
    private static final int EXIT_USAGE = 2;
    private static final long NEWS_SECONDS = 10;

    private final Options options;
    private final PrintStream out;
    private final Tally orders = new Tally();
    private final Tally lookUps = new Tally();
    private final Tally bulks = new Tally();
    private final Tally pages = new Tally();
    private final Tally bookings = new Tally();
    private final Tally reports = new Tally();
    private final Tally probes = new Tally();
    private final AtomicLong customer = new AtomicLong();

    private Shop(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        Options options;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("shop: " + e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        if (options.help()) {
            System.out.println(Options.HELP);
            return;
        }
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeOnInterrupt(closing, closed), "shop-close"));
        try {
            new Shop(options, System.out).run(closing);
        } finally {
            closed.countDown();
        }
    }

    private static void closeOnInterrupt(CountDownLatch closing, CountDownLatch closed) {
        closing.countDown();
        try {
            closed.await(NEWS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(CountDownLatch closing) throws Exception {
        LibraryLog log = LibraryLog.install();
        boolean fixed = options.fixed();
        try (Backends backends = new Backends();
                Checkout checkout = new Checkout(
                        () -> Stock.open(backends.uri("warehouse"), fixed), new Price(backends.uri("prices")));
                Catalogue catalogue = Catalogue.open(backends.uri("catalogue"), fixed);
                Indexer indexer = Indexer.open(backends.uri("search"), fixed);
                Recommendations recommendations = Recommendations.open(backends.uri("recommender"), fixed);
                Shipping shipping = Shipping.open(backends.uri("carrier"), fixed);
                Report report = Report.open(backends.uri("archive"), fixed)) {
            say(
                    "open, %s; about 140 requests/s to %d services on this machine",
                    fixed ? "with its bugs mended" : "with its bugs",
                    backends.all().size());
            try (Traffic traffic = new Traffic()) {
                traffic.every(perSecond(20), "orders", 16, orders, () -> checkout.order(nextArticle()));
                traffic.every(perSecond(20), "look-ups", 2, lookUps, () -> catalogue.describe("lamp-17"));
                traffic.every(perSecond(1), "listing", 2, lookUps, () -> catalogue.isListed("lamp-17"));
                traffic.every(perSecond(10), "indexing", 2, bulks, () -> indexer.flush(articles(50)));
                // Not in step with who looks once a second: he would see its queue each time, or never.
                traffic.every(Duration.ofMillis(317), "pages", 4, pages, () -> recommendations.forPage(articles(12)));
                traffic.every(Duration.ofMillis(1600), "shipping", 1, probes, () -> ship(shipping));
                traffic.everySlowly(Duration.ofSeconds(110), "report", reports, report::print);
                traffic.every(perSecond(1), "liveness", 1, probes, new Liveness(15, orders, () -> restart(checkout)));
                sellUntil(closing);
            }
            sayHowItWent(backends, log);
        }
    }

    private void sayHowItWent(Backends backends, LibraryLog log) {
        say("closed, orders %s; bookings %s", orders, bookings);
        for (Backend backend : backends.all()) {
            say("  %-12s %,9d requests on %,6d connections", backend.name(), backend.requests(), backend.connections());
        }
        if (log.leakWarnings() > 0) {
            say("  OkHttp itself warned %d times of a leaked connection, and cannot say by whom", log.leakWarnings());
        }
    }

    private void sellUntil(CountDownLatch closing) throws InterruptedException {
        long end = System.nanoTime() + options.duration().toNanos();
        while (true) {
            long left = end - System.nanoTime();
            if (left <= 0
                    || closing.await(Math.min(left, TimeUnit.SECONDS.toNanos(NEWS_SECONDS)), TimeUnit.NANOSECONDS)) {
                return;
            }
            if (end - System.nanoTime() > 0) {
                say("orders %s", orders);
            }
        }
    }

    /** Every twentieth customer has an old catalogue. */
    private String nextArticle() {
        long number = customer.incrementAndGet();
        return number % 20 == 0 ? "discontinued-" + number : "lamp-" + number % 40;
    }

    private void restart(Checkout checkout) throws IOException {
        say("no order came through for 15 s: the stock client is restarted");
        checkout.restartStock();
    }

    private void ship(Shipping shipping) {
        for (int parcel = 1; parcel <= 3; parcel++) {
            String label = "parcel-" + parcel;
            bookings.count(() -> shipping.book(label));
        }
    }

    private static List<String> articles(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> "lamp-" + number)
                .collect(Collectors.toList());
    }

    private static Duration perSecond(int times) {
        return Duration.ofSeconds(1).dividedBy(times);
    }

    private void say(String format, Object... values) {
        out.println("shop: " + String.format(format, values));
    }
}
