using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Http;

/// <summary>The one door for requests: finds service and operation, knows the caller, and alone turns errors into bytes.</summary>
internal sealed partial class Gateway(EmulatorEndpoint endpoint, Clock clock, ILogger logger)
{
    /// <summary>The largest body read, in bytes; S3 alone takes more on AWS (5 GB in one request).</summary>
    private const int BodyLimit = 256 * 1024 * 1024;

    /// <summary>In the log only: the caller went away, or its connection was ended.</summary>
    private const int Unanswered = 499;

    /// <summary>Not a service of AWS: what is under <c>/_disa/</c>, for signatures.</summary>
    private static readonly AwsService Administration = new("disa", [])
    {
        SdkName = "disa",
        SdkErrorPrefix = "Disa",
        Protocols = Protocols.Json,
    };

    private readonly Dictionary<string, AwsService> byTarget = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AwsService> bySigningName = new(StringComparer.Ordinal);
    private readonly List<AdminEndpoint> admin = [];
    private readonly PresignedUrls presigned = new(clock);
    private readonly Dictionary<Protocols, Wire> wires = new()
    {
        [Protocols.Json] = new JsonWire(),
        [Protocols.Query] = new QueryWire(),
        [Protocols.RestJson] = new RestJsonWire(),
        [Protocols.RestXml] = new RestXmlWire(),
        [Protocols.Cbor] = new CborWire(),
        [Protocols.Ec2] = new Ec2Wire(),
    };

    /// <summary>Looks an access key up among those the emulator issued; null for all others, which name their account themselves.</summary>
    public Func<string, Credential?> Credentials { get; set; } = _ => null;

    /// <summary>Who may do what; null lets everybody do everything.</summary>
    public Authorizer? Rights { get; set; }

    /// <summary>Whether a connection, by its features, is dead for whoever signs with an access key.</summary>
    public Func<IFeatureCollection, string, bool> IsDead { get; init; } = (_, _) => false;

    /// <summary>Answers what is for people; null for what is for AWS.</summary>
    public Func<HttpContext, Task?> Pages { get; init; } = _ => null;

    public void Add(AwsService service)
    {
        // DynamoDB's streams sign as DynamoDB and differ in the target only.
        bySigningName.TryAdd(service.SigningName, service);
        if (service.TargetPrefix.Length > 0)
        {
            byTarget.Add(service.TargetPrefix, service);
        }
    }

    public void Add(AdminEndpoint endpointOfRoom) => admin.Add(endpointOfRoom);

    public void Add(Protocols protocol, Wire wire) => wires[protocol] = wire;

    /// <summary>Whether a key that was not issued here is refused, and what is under <c>/_disa/</c> needs a signature.</summary>
    public bool OnlyIssuedKeys { get; init; }

    /// <summary>Who may come in at all.</summary>
    public Door Door { get; init; } = Door.Closed;

    public async Task Handle(HttpContext context)
    {
        var refusal = Door.Refusal(context);
        if (refusal is null && Pages(context) is { } page)
        {
            await page.ConfigureAwait(false);
            return;
        }

        if (context.Request.Headers.Expect.Count > 0 && (refusal is not null || context.Request.ContentLength > BodyLimit))
        {
            // Answered without 100 Continue: on this connection botocore could not read the next answer.
            context.Response.Headers.Connection = "close";
        }

        var started = Stopwatch.GetTimestamp();
        var requestId = NewRequestId();
        var span = Telemetry.IsOn ? Telemetry.Request(Header(context, "traceparent"), Header(context, "X-Amzn-Trace-Id")) : null;
        var (response, service, operation) = await Answer(context, refusal, requestId, span).ConfigureAwait(false);
        await Send(context, response, requestId).ConfigureAwait(false);
        LargeBodies.Ended(context.Request.ContentLength);
        var took = Stopwatch.GetElapsedTime(started);
        Telemetry.Answered(span, service, operation, response.Status, requestId, took);
        LogRequest(service, operation, response.Status, took.TotalMilliseconds, requestId);
    }

    private static string? Header(HttpContext context, string name) =>
        context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A name, not a secret: no system call for each.</summary>
    private static string NewRequestId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true).ToString();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug crashes its request, not the emulator.")]
    private async Task<(WireResponse Response, string Service, string Operation)> Answer(
        HttpContext context,
        string? refusal,
        string requestId,
        Activity? span
    )
    {
        AwsService? service = null;
        Wire wire = wires[Protocols.Json];
        var name = "";
        try
        {
            if (refusal is not null)
            {
                // Read no further than what tells the protocol: the body of a stranger is not worth its memory.
                (service, wire) = RouteRefused(
                    new WireRequest(
                        context.Request.Method,
                        "",
                        context.Request.Path.Value ?? "",
                        context.Request.QueryString.Value?.TrimStart('?') ?? "",
                        context.Request.Headers,
                        default,
                        requestId
                    )
                );
                throw Refused(service, refusal);
            }

            var request = await ReadRequest(context.Request, requestId).ConfigureAwait(false);
            if (request.Path.StartsWith("/_disa/", StringComparison.Ordinal))
            {
                CheckAdministrator(request, requestId);
                return (await Administer(request, context.RequestAborted).ConfigureAwait(false), "_disa", request.Path);
            }

            var signature = SigV4.Parse(request);
            if (signature is not null && IsDead(context.Features, signature.AccessKeyId))
            {
                throw AwsException.Lost();
            }

            (service, wire) = Route(request, signature);
            if (signature is not null)
            {
                SigV4Check.CheckScope(signature, service);
            }

            var (operation, input) = wire.Decode(service, request);
            name = operation.Name;
            if (signature is null && !operation.Anonymous)
            {
                throw service.Unsigned?.Invoke(input) ?? SigV4Check.MissingToken(service);
            }

            var caller = Identify(request, signature, service, operation, requestId) with
            {
                SourceIp = context.Connection.RemoteIpAddress?.MapToIPv4().ToString(),
                TraceHeader = Telemetry.Onwards(span, request.Header("X-Amzn-Trace-Id") is { Length: > 0 } trace ? trace : null),
            };
            if (Rights is not null)
            {
                service.Check(operation, input, caller, Rights);
            }

            using var busy = operation.Waits ? null : clock.Work(operation.Name);
            var output = await service.Call(operation, input, caller, context.RequestAborted).ConfigureAwait(false);
            return (
                operation.Page is { } page && ForPerson(request)
                    ? new WireResponse(200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page(output)))
                    : wire.Encode(service, operation, output, requestId),
                service.SigningName,
                name
            );
        }
        catch (AwsException lost) when (lost.IsLost)
        {
            context.Abort();
            return (new WireResponse(Unanswered, null, default), service?.SigningName ?? "", name);
        }
        catch (AwsException error)
        {
            return (wire.EncodeError(service, error, requestId), service?.SigningName ?? "", name);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or StoreClosedException)
        {
            return (
                wire.EncodeError(service, new AwsException("ServiceUnavailable", failure.Message, 503), requestId),
                service?.SigningName ?? "",
                name
            );
        }
        catch (Exception gone) when (gone is BadHttpRequestException or ConnectionResetException or ConnectionAbortedException)
        {
            // Whoever sent the body went away, or sent no HTTP.
            return (new WireResponse(Unanswered, null, default), service?.SigningName ?? "", name);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return (new WireResponse(Unanswered, null, default), service?.SigningName ?? "", name);
        }
        catch (Exception bug)
        {
            LogBug(service?.SigningName ?? "", name, requestId, bug);
            return (
                wire.EncodeError(
                    service,
                    new AwsException("InternalFailure", $"The request failed inside the emulator (request id {requestId}).", 500),
                    requestId
                ),
                service?.SigningName ?? "",
                name
            );
        }
    }

    /// <summary>By target or CBOR path first, because they are exact; then by the service that the signature is for; S3 is what remains.</summary>
    private (AwsService, Wire) Route(WireRequest request, SigV4? signature)
    {
        var target = request.Header("X-Amz-Target");
        if (target.Length > 0)
        {
            var prefix = target[..Math.Max(0, target.LastIndexOf('.'))];
            return byTarget.TryGetValue(prefix, out var service)
                ? (service, wires[Protocols.Json])
                : Unknown(signature?.Service ?? prefix, request);
        }

        if (
            request.Path.StartsWith("/service/", StringComparison.Ordinal)
            && request.Path.Split('/') is ["", "service", var cborName, "operation", _]
        )
        {
            return byTarget.TryGetValue(cborName, out var service) && service.Protocols.HasFlag(Protocols.Cbor)
                ? (service, wires[Protocols.Cbor])
                : Unknown(signature?.Service ?? cborName, request);
        }

        var signingName = signature?.Service ?? UnknownService.OfForm(request) ?? "s3";
        if (!bySigningName.TryGetValue(signingName, out var found))
        {
            return Unknown(signingName, request);
        }

        foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.RestJson, Protocols.RestXml, Protocols.Query])
        {
            if (found.Protocols.HasFlag(protocol))
            {
                return (found, wires[protocol]);
            }
        }

        throw new AwsException("UnknownOperationException", "The request names no operation: X-Amz-Target is missing.");
    }

    /// <summary>Refused by name where the request is read, in the form in which the service would answer.</summary>
    private (AwsService, Wire) Unknown(string signingName, WireRequest request)
    {
        var (service, protocol) = UnknownService.Of(signingName, request);
        return (service, wires[protocol]);
    }

    /// <summary>The service that a refused request was for, and its wire, as far as that can be told; S3's where it cannot.</summary>
    private (AwsService?, Wire) RouteRefused(WireRequest request)
    {
        try
        {
            return Route(request, SigV4.Parse(request));
        }
        catch (AwsException)
        {
            return (null, wires[request.Path.StartsWith("/_disa/", StringComparison.Ordinal) ? Protocols.Json : Protocols.RestXml]);
        }
    }

    private static AwsException Refused(AwsService? service, string why) =>
        new(
            service is null || service.Protocols == Protocols.RestXml || service.Protocols.HasFlag(Protocols.Query)
                ? "AccessDenied"
                : "AccessDeniedException",
            why,
            403
        );

    /// <summary>A link that someone opened in a browser, not a call.</summary>
    private static bool ForPerson(WireRequest request) =>
        request.Method == "GET" && request.Header("Accept").Contains("text/html", StringComparison.Ordinal);

    private Caller Identify(WireRequest request, SigV4? signature, AwsService service, Operation operation, string requestId)
    {
        if (signature is null)
        {
            return new Caller(endpoint.DefaultAccount, "us-east-1", Principal.Nobody, "", "", requestId);
        }

        var key = signature.AccessKeyId;
        if (signature.InQuery && signature.Service == "s3")
        {
            SigV4Check.VerifyExpiry(request, signature, presigned, clock);
        }

        if (Credentials(key) is { } credential)
        {
            SigV4Check.Verify(request, signature, credential, service, clock.GetUtcNow());
            return new Caller(credential.Account, signature.Region, credential.Principal, credential.UserId, key, requestId)
            {
                SessionPolicy = credential.SessionPolicy,
            };
        }

        if (OnlyIssuedKeys)
        {
            throw SigV4Check.InvalidKey(service);
        }

        if (signature.InQuery && signature.Service != "s3" && operation.Name != "GetCallerIdentity")
        {
            // It is not checked, and everybody can put it behind a link.
            throw Refused(
                service,
                "The emulator takes a signature in the URL from keys that it issued; from other keys only for S3 and GetCallerIdentity."
            );
        }

        var account = key.Length == 12 && key.All(char.IsAsciiDigit) ? key : endpoint.DefaultAccount;
        return new Caller(account, signature.Region, Principal.Root(Arn.Partition(signature.Region), account), account, key, requestId);
    }

    /// <summary>
    /// Who signs with a key that was issued here needs the right <c>disa:Administer</c>. Others need nothing, as they need nothing elsewhere,
    /// unless only issued keys are taken; the health is everybody's.
    /// </summary>
    private void CheckAdministrator(WireRequest request, string requestId)
    {
        if (
            request is { Method: "GET", Path: "/_disa/health" }
            || admin.Exists(one => one.IsOpen && one.Method == request.Method && Rest(one, request.Path["/_disa/".Length..]) is not null)
        )
        {
            return;
        }

        var signature = SigV4.Parse(request);
        if (signature is null || Credentials(signature.AccessKeyId) is not { } credential)
        {
            if (OnlyIssuedKeys)
            {
                throw new AwsException(
                    "AccessDenied",
                    "This emulator takes only keys that it issued, and this request is not signed with one.",
                    403
                );
            }

            return;
        }

        SigV4Check.Verify(request, signature, credential, Administration, clock.GetUtcNow());
        var caller = new Caller(
            credential.Account,
            signature.Region,
            credential.Principal,
            credential.UserId,
            signature.AccessKeyId,
            requestId
        )
        {
            SessionPolicy = credential.SessionPolicy,
        };
        Rights?.Require(caller, new Access("disa:Administer", "*"), message => new AwsException("AccessDenied", message, 403));
    }

    private async Task<WireResponse> Administer(WireRequest request, CancellationToken cancellation)
    {
        var path = request.Path["/_disa/".Length..];
        foreach (var candidate in admin)
        {
            var rest = Rest(candidate, path);
            if (rest is null || candidate.Method != request.Method)
            {
                continue;
            }

            var query = request
                .Query()
                .GroupBy(pair => pair.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
            var answer = await candidate.Run(new AdminRequest(rest, query, request.Body), cancellation).ConfigureAwait(false);
            return new WireResponse(answer.Status, answer.ContentType, answer.Body);
        }

        throw new AwsException("NotFound", $"There is no {request.Method} {request.Path}.", 404);
    }

    /// <summary>What a path has behind an endpoint's; null where it is another's.</summary>
    private static string? Rest(AdminEndpoint candidate, string path) =>
        candidate.Path.EndsWith("/*", StringComparison.Ordinal) && path.StartsWith(candidate.Path[..^1], StringComparison.Ordinal)
            ? Uri.UnescapeDataString(path[(candidate.Path.Length - 1)..])
        : candidate.Path == path ? ""
        : null;

    private static async Task<WireRequest> ReadRequest(HttpRequest request, string requestId)
    {
        if (request.ContentLength > BodyLimit)
        {
            throw new AwsException("RequestEntityTooLarge", $"The emulator reads bodies of up to {BodyLimit} bytes.", 413);
        }

        if (request.ContentLength == 0)
        {
            await Continue(request).ConfigureAwait(false);
        }

        // Only S3 has large bodies that are not POSTed, and reads them within the request.
        var sent =
            request.ContentLength == 0 ? default
            : request is { Method: "PUT", ContentLength: >= LargeBuffer.Least and var announced }
                ? await RequestBody.ReadLarge(request.Body, (int)announced).ConfigureAwait(false)
            : await RequestBody.Read(request.Body, request.ContentLength, BodyLimit).ConfigureAwait(false);
        if (sent.Length >= LargeBuffer.Least)
        {
            request.HttpContext.Response.OnCompleted(
                static state =>
                {
                    LargeBuffer.Release((ReadOnlyMemory<byte>)state);
                    return Task.CompletedTask;
                },
                sent
            );
        }

        var body = sent;
        if (request.Headers.ContentEncoding == "gzip" && request.Method == "POST")
        {
            body = await RequestBody.Unzip(sent.ToArray(), BodyLimit).ConfigureAwait(false);
        }

        var raw = request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? raw : raw[..question];
        if (path.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(path, UriKind.Absolute, out var absolute))
        {
            path = absolute.AbsolutePath;
        }

        return new WireRequest(
            request.Method,
            request.Host.Value ?? "",
            path,
            question < 0 ? "" : raw[(question + 1)..],
            request.Headers,
            body,
            requestId
        )
        {
            Sent = sent,
        };
    }

    /// <summary>
    /// Kestrel says 100 Continue only where a body is read. A client that asked for it and sends nothing waits for it too: botocore that gets
    /// a final answer instead cannot read the next one on the connection.
    /// </summary>
    private static async Task Continue(HttpRequest request)
    {
        if (
            request.Headers.Expect == "100-continue"
            && request.Protocol == HttpProtocol.Http11
            && request.HttpContext.Features.Get<IConnectionTransportFeature>()?.Transport.Output is { } output
        )
        {
            await output.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        }
    }

    private static async Task Send(HttpContext context, WireResponse response, string requestId)
    {
        if (response.Status == Unanswered || context.RequestAborted.IsCancellationRequested)
        {
            LargeBuffer.Release(response.Body);
            return;
        }

        context.Response.StatusCode = response.Status;
        if (!response.HasOwnRequestId)
        {
            context.Response.Headers["x-amzn-RequestId"] = requestId;
        }

        // Whatever an object or an error holds, a browser does not take it for a page of this origin, where the console is.
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (name, value) in response.Headers)
        {
            // What cannot be in a header must not make the whole answer an empty 500.
            context.Response.Headers.Append(
                name,
                value.Any(char.IsControl) ? string.Concat(value.Select(c => char.IsControl(c) ? ' ' : c)) : value
            );
        }

        if (response.ContentType is { } type)
        {
            context.Response.ContentType = type.Any(char.IsControl) ? "application/octet-stream" : type;
        }

        if (response.Status is 204 or 304)
        {
            return;
        }

        if (context.Request.Method != "HEAD")
        {
            context.Response.ContentLength = response.Body.Length;
            await Write(context.Response.Body, response.Body).ConfigureAwait(false);
        }
    }

    /// <summary>A slice at a time: Kestrel copies what it is given, all of it.</summary>
    private static async Task Write(Stream stream, ReadOnlyMemory<byte> body)
    {
        const int slice = 256 * 1024;
        try
        {
            for (var at = 0; at < body.Length; at += slice)
            {
                await stream.WriteAsync(body.Slice(at, Math.Min(slice, body.Length - at))).ConfigureAwait(false);
            }
        }
        finally
        {
            LargeBuffer.Release(body);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} {Operation} {Status} {Milliseconds:0.0} ms {RequestId}")]
    private partial void LogRequest(string service, string operation, int status, double milliseconds, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} {Operation} {RequestId} failed: a bug in the emulator")]
    private partial void LogBug(string service, string operation, string requestId, Exception bug);
}
