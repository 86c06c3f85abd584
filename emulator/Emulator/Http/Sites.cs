using Disa.Emulator.Rooms;
using Microsoft.AspNetCore.Http;

namespace Disa.Emulator.Http;

/// <summary>Hosts that are no service of AWS: what is theirs by the request's Host goes to them, past protocols, pages and the administration.</summary>
internal sealed class Sites(Callers callers)
{
    private readonly List<HostedSite> sites = [];

    public void Add(HostedSite site) => sites.Add(site);

    public HostedSite? Of(HttpRequest request)
    {
        foreach (var site in sites)
        {
            if (request.Host.Value is { } host && site.IsHost(host))
            {
                return site;
            }
        }

        return null;
    }

    public async Task<WireResponse> Answer(HostedSite site, WireRequest request, HttpContext context)
    {
        var response = await site.Run(
                new SiteRequest
                {
                    Method = request.Method,
                    Host = request.Host,
                    Path = request.Path,
                    QueryString = request.QueryString,
                    Headers = [.. request.Headers.SelectMany(header => header.Value.Select(value => (header.Key, value ?? "")))],
                    Body = request.Sent,
                    RequestId = request.RequestId,
                    SourceIp = context.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "127.0.0.1",
                    Protocol = context.Request.Protocol,
                    Caller = () =>
                    {
                        if (SigV4.Parse(request) is not { } signature)
                        {
                            return null;
                        }

                        SigV4Check.CheckScope(signature, site.Service);
                        return callers.Identify(request, signature, site.Service, site.Service.Operations["Invoke"]);
                    },
                },
                context.RequestAborted
            )
            .ConfigureAwait(false);
        const string type = "content-type";
        return new WireResponse(
            response.Status,
            response.Headers.FirstOrDefault(header => header.Name.Equals(type, StringComparison.OrdinalIgnoreCase)).Value,
            response.Body
        )
        {
            Headers = [.. response.Headers.Where(header => !header.Name.Equals(type, StringComparison.OrdinalIgnoreCase))],
            IsSite = true,
        };
    }
}
