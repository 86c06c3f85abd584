using System.Collections.Frozen;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Rooms;

/// <summary>The wire protocols of AWS services.</summary>
[Flags]
public enum Protocols
{
    None = 0,
    Json = 1,
    Query = 2,
    RestJson = 4,
    RestXml = 8,
    Cbor = 16,

    /// <summary>Only to refuse: no service here speaks it.</summary>
    Ec2 = 32,
}

/// <summary>Takes a call to its operation: to count it, or to let it fail where that was asked for.</summary>
internal delegate Task<object> CallHook(
    AwsService service,
    Operation operation,
    object input,
    Caller caller,
    CancellationToken cancellation
);

/// <summary>What the gateway and the other rooms know of a service: its names, its wires and its operations.</summary>
public sealed class AwsService
{
    private readonly FrozenDictionary<string, Operation> operations;

    /// <param name="signingName">The service in the credential scope: <c>dynamodb</c>, <c>states</c>, <c>monitoring</c>, <c>events</c>, <c>sns</c>, …</param>
    /// <param name="operations">What it does; anything else is refused by name.</param>
    public AwsService(string signingName, IEnumerable<Operation> operations)
    {
        SigningName = signingName;
        this.operations = operations.ToFrozenDictionary(operation => operation.Name, StringComparer.Ordinal);
    }

    public string SigningName { get; }

    /// <summary>The service's name in <c>aws-sdk</c> integrations and universal schedule targets: <c>dynamodb</c>, <c>sfn</c>, <c>cloudwatch</c>.</summary>
    public required string SdkName { get; init; }

    /// <summary>The prefix of that integration's error names, as AWS spells it: <c>DynamoDb</c>, <c>Sfn</c>, <c>CloudWatch</c>.</summary>
    public required string SdkErrorPrefix { get; init; }

    public required Protocols Protocols { get; init; }

    /// <summary>JSON: what precedes the dot in <c>X-Amz-Target</c>. CBOR: the service's name in the path.</summary>
    public string TargetPrefix { get; init; } = "";

    /// <summary>JSON: 1.0 or 1.1.</summary>
    public string JsonVersion { get; init; } = "1.0";

    /// <summary>JSON and CBOR: whether it was a Query service once, whose codes older clients know (<c>x-amzn-query-error</c> in every error).</summary>
    internal bool IsQueryCompatible { get; init; }

    /// <summary>JSON: what precedes an error's name in <c>__type</c>.</summary>
    public string ErrorTypePrefix { get; init; } = "";

    /// <summary>JSON: whether an error's text is its <c>Message</c> rather than its <c>message</c>, by its code.</summary>
    internal Func<string, bool> HasCapitalMessage { get; init; } = static _ => false;

    /// <summary>Query: all that AWS's service has, done here or not; any other action is none. Null where that is not known.</summary>
    internal IReadOnlyCollection<string>? Known { get; init; }

    /// <summary>Query: the version of the service's interface, at the end of its namespace.</summary>
    internal string Version => XmlNamespace.Trim('/').Split('/')[^1];

    /// <summary>Query: the namespace of the answers.</summary>
    public string XmlNamespace { get; init; } = "";

    /// <summary>
    /// Query: members that travel flattened, by the name they have on the wire (<c>Attribute.1.Name</c> is SQS's <c>Attributes</c>).
    /// Where only one operation's request or answer does, the key is <c>Operation.WireName</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Flattened { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The rights that a request needs, by operation, request and caller: a file in the service's room says them for all its operations.
    /// Null for an operation that it does not know: that needs its own name on every resource.
    /// </summary>
    internal Func<string, object, Caller, IReadOnlyList<Access>?> Rights { get; init; } = (_, _, _) => null;

    /// <summary>REST-JSON: whether an error's document has a <c>Type</c>, and <c>Message</c> rather than <c>message</c>, by its code.</summary>
    internal Func<string, (bool HasType, bool HasCapitalMessage)> ErrorShape { get; init; } = _ => (true, true);

    /// <summary>The tags of one of the service's resources, by its ARN; none where there is no such resource. Null where the service does not tell.</summary>
    internal Func<string, Caller, IReadOnlyDictionary<string, string>>? TagsOf { get; init; }

    /// <summary>The tags in a request of the service's; those to be removed have no value.</summary>
    internal Func<object, IEnumerable<KeyValuePair<string, string?>>>? TagsIn { get; init; }

    /// <summary>What an unsigned request is told, where it is not the usual.</summary>
    internal Func<object, AwsException>? Unsigned { get; init; }

    /// <summary>The service's error for who may not.</summary>
    internal Func<string, AwsException>? Denied { get; init; }

    /// <summary>What precedes the colon in the service's IAM actions.</summary>
    internal string ActionPrefix => SigningName == "monitoring" ? "cloudwatch" : SigningName;

    public IReadOnlyDictionary<string, Operation> Operations => operations;

    /// <summary>REST: what AWS's service has beside them, to be refused by name.</summary>
    internal IReadOnlyList<UndoneOperation> Undone { get; init; } = [];

    /// <summary>What stands before every operation of the service, whoever calls it.</summary>
    internal CallHook? Around { get; set; }

    /// <summary>Runs an operation of this service, on whatever way the call came.</summary>
    public Task<object> Call(Operation operation, object input, Caller caller, CancellationToken cancellation) =>
        Around is { } around ? around(this, operation, input, caller, cancellation) : operation.Run(input, caller, cancellation);

    /// <exception cref="AwsException">The caller lacks one of the rights.</exception>
    internal void Check(Operation operation, object request, Caller caller, Authorizer authorizer)
    {
        if (!authorizer.Enforces || (operation.Anonymous && caller.Arn.Length == 0))
        {
            return;
        }

        foreach (
            var access in Rights(operation.Name, request, caller)
                ?? [new Access($"{ActionPrefix}:{operation.Name}", PolicyRequest.AnyResource)]
        )
        {
            authorizer.Require(caller, TagsOf is null ? access : WithTags(access, request, caller), access.Denied ?? Denied ?? UsualDenial);
        }
    }

    private Access WithTags(Access access, object request, Caller caller) =>
        access with
        {
            ResourceTags = () => TagsOf!(access.Resource, caller),
            RequestTags = () => TagsIn?.Invoke(request) ?? [],
        };

    private AwsException UsualDenial(string message) =>
        Protocols.HasFlag(Protocols.Query) || Protocols == Protocols.RestXml
            ? new("AccessDenied", message, 403)
            : new("AccessDeniedException", message, Protocols == Protocols.RestJson ? 403 : 400);

    /// <exception cref="AwsException">NotImplemented, naming the operation.</exception>
    public Operation Find(string operation) =>
        operations.TryGetValue(operation, out var found) ? found : throw AwsException.NotImplemented($"{SigningName}:{operation}");
}
