using System.Text;
using System.Text.Json;
using System.Xml;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>
/// REST-XML, S3's own: the operation is method, place (service, bucket, object) and sub-resource in the query; the bucket is in
/// the path or in the host name. A path such as <c>/{Bucket}?versioning</c> names what the query must have,
/// <c>@x-amz-copy-source</c> in it a header.
/// </summary>
internal sealed class RestXmlWire : Wire
{
    /// <summary>Headers of transport and signature; all other <c>x-amz-</c> headers must be honoured by the operation.</summary>
    private static readonly HashSet<string> Transport = new(StringComparer.OrdinalIgnoreCase)
    {
        "x-amz-date",
        "x-amz-content-sha256",
        "x-amz-security-token",
        "x-amz-user-agent",
        "x-amz-decoded-content-length",
        "x-amz-trailer",
        "x-amz-te",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-api-version",
        "x-amz-expected-bucket-owner",
        "x-amzn-trace-id",
        "x-amz-checksum-type",
    };

    /// <summary>The one whose signature, like its fields, is in a form.</summary>
    public const string FormOperation = "PostObject";

    private static readonly (string Name, string Value) Server = ("Server", "AmazonS3");

    public override (Operation Operation, object Request) Decode(AwsService service, WireRequest request)
    {
        if (service.Operations.Count == 0)
        {
            throw AwsException.NotImplemented($"{service.SigningName}: {request.Method} {request.Path}");
        }

        var (bucket, key) = S3Place.Of(request.Host, request.Path);
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in request.Headers)
        {
            headers[header.Key] = header.Value.ToString();
        }

        var isV2 = request.QueryString.Contains("AWSAccessKeyId=", StringComparison.Ordinal);
        foreach (var (name, value) in request.Query())
        {
            // A presigned URL carries headers in its query.
            // Version 2 signers (botocore's) put these there too, where S3 does not read them.
            var isIgnored = isV2 && (SigV2.QueryParameters.Contains(name) || name is "content-type" or "content-md5");
            if (SigV4.QueryParameters.Contains(name) || isIgnored || name == "x-id")
            {
                continue;
            }

            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                headers[name] = value;
            }
            else
            {
                query[name] = value;
            }
        }

        var call = new RestCall
        {
            Bucket = bucket,
            Key = key,
            Query = query,
            Headers = headers,
            FromWire = true,
        };
        if (request.Method == "OPTIONS" && bucket is not null && service.Operations.TryGetValue("PreflightRequest", out var preflight))
        {
            // What is asked about is another request: nothing of this one is to be honoured.
            return (preflight, call);
        }

        var operation = Find(service, request.Method, call);
        CheckHonoured(service, operation, call);
        if (operation.Name == FormOperation && MultipartForm.Is(request) && MultipartForm.Parse(request) is { } form)
        {
            return (operation, Posted(request, call, form));
        }

        call.Body = headers.GetValueOrDefault("x-amz-content-sha256", "").StartsWith("STREAMING-", StringComparison.Ordinal)
            ? ChunkedBody.Decode(request.Sent, headers)
            : request.Sent;
        return (operation, call);
    }

    /// <summary>A form's request is for the object that its fields name.</summary>
    private static RestCall Posted(WireRequest request, RestCall call, MultipartForm form)
    {
        var file = form.FileName[(form.FileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return new RestCall
        {
            Bucket = call.Bucket,
            Key = form["key"]?.Replace("${filename}", file, StringComparison.Ordinal),
            Headers = call.Headers,
            FromWire = true,
            Body = form.File ?? default,
            Form = new PostedForm(
                form.Fields,
                form.File is not null,
                $"http://{request.Host}" + (S3Place.BucketOf(request.Host) is null ? "/" + call.Bucket : "")
            ),
        };
    }

    public override WireResponse Encode(AwsService service, Operation operation, object response, string requestId)
    {
        var answer = (RestAnswer)response;
        return new(answer.Status, answer.ContentType, answer.Payload)
        {
            Headers = [.. answer.Headers, ("x-amz-request-id", requestId), ("x-amz-id-2", requestId), Server],
            HasOwnRequestId = true,
        };
    }

    public override WireResponse EncodeError(AwsService? service, AwsException error, string requestId)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        var headers = new List<(string, string)> { ("x-amz-request-id", requestId), ("x-amz-id-2", requestId), Server };
        using (var xml = XmlWriter.Create(text, XmlText.Settings))
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", error.Code);
            xml.WriteElementString("Message", error.Message);
            if (error.Details.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in error.Details.EnumerateObject())
                {
                    // A detail that starts with a small letter is a header of the answer.
                    if (char.IsAsciiLetterLower(member.Name[0]) && member.Name != "additionalMessage")
                    {
                        headers.Add((member.Name, member.Value.ToString()));
                    }
                    else
                    {
                        xml.WriteElementString(member.Name, member.Value.ToString());
                    }
                }
            }

            xml.WriteElementString("RequestId", requestId);
            xml.WriteElementString("HostId", requestId);
            xml.WriteEndElement();
        }

        return new(error.StatusCode, "application/xml", Encoding.UTF8.GetBytes(text.ToString()))
        {
            Headers = headers,
            HasOwnRequestId = true,
        };
    }

    /// <summary>The one that asks for most of what the request has: also among those that are not done, whose request would else pass for another's.</summary>
    private static Operation Find(AwsService service, string method, RestCall call)
    {
        var done = service
            .Operations.Values.Where(operation => operation.Rest is not null)
            .Select(operation => (operation.Name, Operation: (Operation?)operation, Binding: operation.Rest!));
        var undone = service.Undone.Select(operation => (operation.Name, Operation: (Operation?)null, Binding: operation.Rest));
        (string? Name, Operation? Operation, RestBinding? Binding) best = default;
        var most = -1;
        foreach (var one in done.Concat(undone).Where(one => one.Binding.Method == method && IsPlace(one.Binding.Path, call)))
        {
            var needed = Needed(one.Binding);
            if (
                needed.Length > most
                && needed.All(name => name[0] == '@' ? call.Headers.ContainsKey(name[1..]) : call.Query.ContainsKey(name))
            )
            {
                best = one;
                most = needed.Length;
            }
        }

        return best.Operation
            ?? throw (
                best.Name is not null ? AwsException.NotImplemented($"{service.SigningName}:{best.Name}")
                : method == "OPTIONS" ? AwsException.NotImplemented("s3: OPTIONS, the preflight requests of browsers")
                : new AwsException("MethodNotAllowed", "The specified method is not allowed against this resource.", 405)
            );
    }

    private static string[] Needed(RestBinding rest) =>
        rest.Path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question ? rest.Path[(question + 1)..].Split('&') : [];

    private static bool IsPlace(string path, RestCall call) =>
        path.StartsWith("/{Bucket}/{Key+}", StringComparison.Ordinal) ? call.Key is not null
        : path.StartsWith("/{Bucket}", StringComparison.Ordinal) ? call is { Bucket: not null, Key: null }
        : call.Bucket is null;

    private static void CheckHonoured(AwsService service, Operation operation, RestCall call)
    {
        var rest = operation.Rest!;
        var needed = Needed(rest);
        foreach (var name in call.Query.Keys)
        {
            if (!rest.Query.ContainsKey(name) && !needed.Contains(name))
            {
                throw AwsException.NotImplemented($"the parameter {name} of {service.SigningName}:{operation.Name}");
            }
        }

        foreach (var name in call.Headers.Keys)
        {
            if (
                name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)
                && !Transport.Contains(name)
                && !rest.Headers.ContainsKey(name)
                && !needed.Contains("@" + name.ToLowerInvariant())
                && !(
                    name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)
                    || (name.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase) && rest.Headers.ContainsKey("x-amz-meta-"))
                )
            )
            {
                throw AwsException.NotImplemented($"the header {name.ToLowerInvariant()} of {service.SigningName}:{operation.Name}");
            }
        }
    }
}
