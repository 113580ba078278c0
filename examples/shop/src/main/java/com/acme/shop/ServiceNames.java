package com.acme.shop;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import org.apache.http.conn.DnsResolver;

/** Where the services are, by name, as a cluster's DNS would say it: all of them on this machine. */
enum ServiceNames implements DnsResolver, Dns {
    INSTANCE;

    @Override
    public InetAddress[] resolve(String service) throws UnknownHostException {
        return new InetAddress[] {
            InetAddress.getByAddress(service, InetAddress.getLoopbackAddress().getAddress())
        };
    }

    @Override
    public List<InetAddress> lookup(String service) throws UnknownHostException {
        return List.of(resolve(service));
    }
}
