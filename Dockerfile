# The gateway in a slim image: `docker build -t greenroom .`
# Where this was written there was no container engine: it was linted, not run.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
# The manifest names the test targets, so that their folders must be there.
COPY Tests Tests
RUN swift build --configuration release --product greenroom --static-swift-stdlib -Xlinker -s \
    && install -D .build/release/greenroom /image/usr/bin/greenroom

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libsqlite3-0 libssl3 libstdc++6 openssl tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 990 --home-dir /var/lib/greenroom --shell /usr/sbin/nologin greenroom \
    && install -d -o greenroom -g greenroom -m 0700 /var/lib/greenroom /etc/greenroom
COPY --from=build /image /
COPY certs/make /usr/lib/greenroom/make-certificates
COPY docker/setup /usr/lib/greenroom/setup
COPY config /usr/share/doc/greenroom/config
USER greenroom
VOLUME ["/etc/greenroom", "/var/lib/greenroom"]
EXPOSE 1143 1993 1587 1465 1124
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["greenroom", "status", "--config", "/etc/greenroom"]
ENTRYPOINT ["greenroom"]
CMD ["serve", "--config", "/etc/greenroom"]
