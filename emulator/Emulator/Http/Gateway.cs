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
/// <param name="callers">Knows who calls.</param>
/// <param name="rights">Who may do what.</param>
/// <param name="clock">Waits for what is being answered before it moves.</param>
/// <param name="logger">One line a request.</param>
internal sealed partial class Gateway(Callers callers, Authorizer rights, Clock clock, ILogger logger)
{
    private readonly Router router = new();
    private readonly Administration administration = new(callers, rights);
    private readonly Sites sites = new(callers);

    /// <summary>Whether a connection, by its features, is dead for whoever signs with an access key.</summary>
    public Func<IFeatureCollection, string, bool> IsDead { get; init; } = (_, _) => false;

    /// <summary>Answers what is for people; null for what is for AWS.</summary>
    public Func<HttpContext, Task?> Pages { get; init; } = _ => null;

    public void Add(AwsService service) => router.Add(service);

    public void Add(AdminEndpoint endpoint) => administration.Add(endpoint);

    public void Add(HostedSite site) => sites.Add(site);

    /// <summary>Who may come in at all.</summary>
    public Door Door { get; init; } = Door.Closed;

    public async Task Handle(HttpContext context)
    {
        var site = sites.Of(context.Request);
        var refusal = Door.Refusal(context, isSite: site is not null);
        if (refusal is null && site is null && Pages(context) is { } page)
        {
            await page.ConfigureAwait(false);
            return;
        }

        if (context.Request.Headers.Expect.Count > 0 && (refusal is not null || context.Request.ContentLength > RequestReader.BodyLimit))
        {
            // Answered without 100 Continue: on this connection botocore could not read the next answer.
            context.Response.Headers.Connection = "close";
        }

        var started = Stopwatch.GetTimestamp();
        var requestId = NewRequestId();
        var span = Telemetry.IsOn ? Telemetry.Request(Header(context, "traceparent"), Header(context, "X-Amzn-Trace-Id")) : null;
        var (response, service, operation) = await Answer(context, site, refusal, requestId, span).ConfigureAwait(false);
        await ResponseWriter.Send(context, response, requestId).ConfigureAwait(false);
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
        HostedSite? site,
        string? refusal,
        string requestId,
        Activity? span
    )
    {
        AwsService? service = null;
        var wire = router.Usual;
        var name = "";
        try
        {
            if (refusal is not null)
            {
                (service, wire) = router.RouteRefused(RequestReader.ReadHead(context.Request, requestId));
                throw SignatureErrors.Refused(service, refusal);
            }

            var request = await RequestReader.Read(context.Request, requestId).ConfigureAwait(false);
            if (site is not null)
            {
                return (await sites.Answer(site, request, context).ConfigureAwait(false), site.Service.SigningName, "URL");
            }

            if (Administration.Has(request.Path))
            {
                return (await administration.Answer(request, context.RequestAborted).ConfigureAwait(false), "_disa", request.Path);
            }

            var signature = SigV4.Parse(request);
            if (signature is not null && IsDead(context.Features, signature.AccessKeyId))
            {
                throw AwsException.Lost();
            }

            (service, wire) = router.Route(request, signature);
            if (signature is not null)
            {
                SigV4Check.CheckScope(signature, service);
            }

            var (operation, input) = wire.Decode(service, request);
            name = operation.Name;
            if (signature is null && name == RestXmlWire.FormOperation && (signature = SigV4.OfForm(request)) is not null)
            {
                SigV4Check.CheckScope(signature, service);
            }

            if (signature is null && !operation.Anonymous)
            {
                throw service.Unsigned?.Invoke(input) ?? SignatureErrors.MissingToken(service);
            }

            var caller = callers.Identify(request, signature, service, operation) with
            {
                SourceIp = context.Connection.RemoteIpAddress?.MapToIPv4().ToString(),
                TraceHeader = Telemetry.Onwards(span, request.Header("X-Amzn-Trace-Id") is { Length: > 0 } trace ? trace : null),
            };
            service.Check(operation, input, caller, rights);
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
            return (new WireResponse(ResponseWriter.Unanswered, null, default), service?.SigningName ?? "", name);
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
            return (new WireResponse(ResponseWriter.Unanswered, null, default), service?.SigningName ?? "", name);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return (new WireResponse(ResponseWriter.Unanswered, null, default), service?.SigningName ?? "", name);
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

    /// <summary>A link that someone opened in a browser, not a call.</summary>
    private static bool ForPerson(WireRequest request) =>
        request.Method == "GET" && request.Header("Accept").Contains("text/html", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} {Operation} {Status} {Milliseconds:0.0} ms {RequestId}")]
    private partial void LogRequest(string service, string operation, int status, double milliseconds, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} {Operation} {RequestId} failed: a bug in the emulator")]
    private partial void LogBug(string service, string operation, string requestId, Exception bug);
}
