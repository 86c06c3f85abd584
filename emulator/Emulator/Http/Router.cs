using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>Finds the service that a request is for, and the wire that it speaks.</summary>
internal sealed class Router
{
    private readonly Dictionary<string, AwsService> byTarget = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AwsService> bySigningName = new(StringComparer.Ordinal);
    private readonly Dictionary<Protocols, Wire> wires = new()
    {
        [Protocols.Json] = new JsonWire(),
        [Protocols.Query] = new QueryWire(),
        [Protocols.RestJson] = new RestJsonWire(),
        [Protocols.RestXml] = new RestXmlWire(),
        [Protocols.Cbor] = new CborWire(),
        [Protocols.Ec2] = new Ec2Wire(),
    };

    /// <summary>What answers where nothing is known of a request yet.</summary>
    public Wire Usual => wires[Protocols.Json];

    public void Add(AwsService service)
    {
        // DynamoDB's streams sign as DynamoDB and differ in the target only.
        bySigningName.TryAdd(service.SigningName, service);
        if (service.TargetPrefix.Length > 0)
        {
            byTarget.Add(service.TargetPrefix, service);
        }
    }

    /// <summary>By target or CBOR path first, because they are exact; then by the service that the signature is for; S3 is what remains.</summary>
    public (AwsService, Wire) Route(WireRequest request, SigV4? signature)
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
    public (AwsService?, Wire) RouteRefused(WireRequest request)
    {
        try
        {
            return Route(request, SigV4.Parse(request));
        }
        catch (AwsException)
        {
            return (null, wires[Administration.Has(request.Path) ? Protocols.Json : Protocols.RestXml]);
        }
    }
}
