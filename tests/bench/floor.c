/* The floor under any fan-out: one thread, one epoll, one send() for each stream and nothing else.
 *
 * `floor PORT`: a GET becomes a stream, the body of a POST goes to all streams and is then
 * acknowledged. It checks nothing, keeps nothing and believes every length.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define STREAM "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n"
#define CREATED "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"

enum { STREAMS_MAX = 20000, EVENTS = 1024, RECEIVE = 65536 };

static int streams[STREAMS_MAX], stream_count;

static void answer(int fd, char *request, ssize_t size) {
    request[size] = 0;
    if (request[0] == 'G') {
        streams[stream_count++] = fd;
        send(fd, STREAM, sizeof STREAM - 1, MSG_NOSIGNAL);
        return;
    }
    char *body = strstr(request, "\r\n\r\n") + 4;
    size_t length = request + size - body;
    for (int i = 0; i < stream_count; i++) send(streams[i], body, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    send(fd, CREATED, sizeof CREATED - 1, MSG_NOSIGNAL);
}

int main(int count, char **arguments) {
    static char request[RECEIVE + 1];
    struct epoll_event events[EVENTS], event = {.events = EPOLLIN};
    int yes = 1, poll_fd = epoll_create1(0), listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[count - 1]))};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 4096)) return 1;
    event.data.fd = listener;
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                epoll_ctl(poll_fd, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            ssize_t size = recv(fd, request, RECEIVE, 0);
            if (size > 0) answer(fd, request, size);
            else close(fd);
        }
    }
}
