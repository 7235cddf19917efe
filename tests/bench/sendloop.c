/* The floor: what any server must do, and nothing else: read a post, send it to every stream.

sendloop: prints its port. It understands a request's first letter and trusts everybody; what it
saves against a real server is what a real server is for. */

#include "sockets.h"

enum { SOCKETS = 20000, EVENTS = 1024 };

static const char HEAD[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
static const char KEPT[] = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";

static int streams[SOCKETS], count, place_of[SOCKETS];
static char request[READ_BYTES + 1], event[READ_BYTES + 16];

static void close_stream(int sock) {
    if (place_of[sock]) {
        int last = streams[--count];
        streams[place_of[sock] - 1] = last;
        place_of[last] = place_of[sock];
        place_of[sock] = 0;
    }
    close(sock);
}

static void serve(int sock) {
    ssize_t size = recv(sock, request, READ_BYTES, 0);
    if (size <= 0) {
        close_stream(sock);
        return;
    }
    request[size] = 0;
    if (request[0] == 'G') {
        streams[count++] = sock;
        place_of[sock] = count;
        send(sock, HEAD, sizeof HEAD - 1, MSG_NOSIGNAL);
        return;
    }
    char *body = strstr(request, "\r\n\r\n");
    if (!body) end("half a post");
    int length = snprintf(event, sizeof event, "data: %s\n\n", body + 4);
    send(sock, KEPT, sizeof KEPT - 1, MSG_NOSIGNAL);
    for (int number = 0; number < count; number++)
        send(streams[number], event, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int main(void) {
    allow_descriptors();
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1024)) end("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int queue = watch(&listener, 1);
    struct epoll_event events[EVENTS], wanted = {.events = EPOLLIN};
    for (;;) {
        int ready = epoll_wait(queue, events, EVENTS, -1);
        for (int each = 0; each < ready; each++) {
            if (events[each].data.u32 != 0) {
                serve(events[each].data.u32);
                continue;
            }
            int sock = accept(listener, NULL, NULL);
            if (sock < 0 || sock >= SOCKETS) end("accept");
            setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            wanted.data.u32 = sock;
            epoll_ctl(queue, EPOLL_CTL_ADD, sock, &wanted);
        }
    }
}
