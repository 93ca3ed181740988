FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn -B -q -DskipTests -pl app -am package

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --home-dir /data --create-home tandem
WORKDIR /opt/tandem
COPY --from=build /src/app/target/lib app/target/lib
COPY --from=build /src/app/target/tandem-app.jar app/target/
COPY --from=build /src/tandem /src/LICENSE /src/NOTICE ./
USER tandem
VOLUME /data
# The native libraries are unpacked once, beside the checkpoints.
ENV TANDEM_JAVA_OPTS="-Dorg.bytedeco.javacpp.cachedir=/data/native"
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD \
  ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ status _ <&3; [ \"$status\" = 200 ]"]
ENTRYPOINT ["/opt/tandem/tandem"]
CMD ["run", "--set", "checkpoint.directory=/data/checkpoints", "--set", "http.host=0.0.0.0"]
