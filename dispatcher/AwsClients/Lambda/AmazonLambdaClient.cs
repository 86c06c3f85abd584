using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Disa.AwsClients.Wire;

namespace Amazon.Lambda;

/// <summary>Where Lambda is and how it is called.</summary>
public sealed class AmazonLambdaConfig() : ServiceConfig("Lambda", "lambda", "2015-03-31");

/// <summary>A client of Lambda, for the operations that Disa calls.</summary>
public class AmazonLambdaClient : ServiceClient
{
    private static readonly RestJsonWire Wire = new("Amazon.Lambda", AmazonLambdaException.Of);

    private static readonly Operation<GetFunctionConfigurationRequest, GetFunctionConfigurationResponse> GetFunctionConfigurationOperation =
        Wire.Operation<GetFunctionConfigurationRequest, GetFunctionConfigurationResponse>(
            "GET",
            "/2015-03-31/functions/{FunctionName}/configuration",
            (input, request) => Path(request, input.FunctionName, input.Qualifier),
            null,
            LambdaJson.Default.GetFunctionConfigurationResponse
        );

    private static readonly Operation<
        UpdateFunctionConfigurationRequest,
        UpdateFunctionConfigurationResponse
    > UpdateFunctionConfigurationOperation = Wire.Operation<UpdateFunctionConfigurationRequest, UpdateFunctionConfigurationResponse>(
        "PUT",
        "/2015-03-31/functions/{FunctionName}/configuration",
        (input, request) => Path(request, input.FunctionName),
        LambdaJson.Default.UpdateFunctionConfigurationRequest,
        LambdaJson.Default.UpdateFunctionConfigurationResponse
    );

    private static readonly Operation<InvokeRequest, InvokeResponse> InvokeOperation = Wire.Operation<InvokeRequest, InvokeResponse>(
        "POST",
        "/2015-03-31/functions/{FunctionName}/invocations",
        InvokeRequest.Bind,
        null,
        InvokeResponse.Read
    );

    private static readonly Operation<ListEventSourceMappingsRequest, ListEventSourceMappingsResponse> ListEventSourceMappingsOperation =
        Wire.Operation<ListEventSourceMappingsRequest, ListEventSourceMappingsResponse>(
            "GET",
            "/2015-03-31/event-source-mappings",
            ListEventSourceMappingsRequest.Bind,
            null,
            LambdaJson.Default.ListEventSourceMappingsResponse
        );

    private static readonly Operation<ListFunctionsRequest, ListFunctionsResponse> ListFunctionsOperation = Wire.Operation<
        ListFunctionsRequest,
        ListFunctionsResponse
    >("GET", "/2015-03-31/functions/", ListFunctionsRequest.Bind, null, LambdaJson.Default.ListFunctionsResponse);

    public AmazonLambdaClient()
        : this(new AmazonLambdaConfig()) { }

    public AmazonLambdaClient(AmazonLambdaConfig config)
        : base(config) { }

    public AmazonLambdaClient(AWSCredentials credentials, AmazonLambdaConfig config)
        : base(credentials, config) { }

    public virtual Task<GetFunctionConfigurationResponse> GetFunctionConfigurationAsync(
        GetFunctionConfigurationRequest request,
        CancellationToken cancellationToken = default
    ) => Call(GetFunctionConfigurationOperation, request, cancellationToken);

    public virtual Task<UpdateFunctionConfigurationResponse> UpdateFunctionConfigurationAsync(
        UpdateFunctionConfigurationRequest request,
        CancellationToken cancellationToken = default
    ) => Call(UpdateFunctionConfigurationOperation, request, cancellationToken);

    public virtual Task<InvokeResponse> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken = default) =>
        Call(InvokeOperation, request, cancellationToken);

    public virtual Task<ListEventSourceMappingsResponse> ListEventSourceMappingsAsync(
        ListEventSourceMappingsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ListEventSourceMappingsOperation, request, cancellationToken);

    public virtual Task<ListFunctionsResponse> ListFunctionsAsync(
        ListFunctionsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ListFunctionsOperation, request, cancellationToken);

    internal static void Path(IRequest request, string? functionName, string? qualifier = null)
    {
        request.AddPathResource("{FunctionName}", functionName ?? throw new ArgumentException("FunctionName is missing."));
        if (qualifier is not null)
        {
            request.Parameters["Qualifier"] = qualifier;
        }
    }
}
