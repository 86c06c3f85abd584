using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.CloudFormation;

/// <summary>Where CloudFormation is and how it is called.</summary>
public sealed class AmazonCloudFormationConfig() : ServiceConfig("CloudFormation", "cloudformation", "2010-05-15");

/// <summary>A client of CloudFormation, for the operations that Disa calls.</summary>
public class AmazonCloudFormationClient : ServiceClient
{
    private static readonly QueryWire Wire = new("Amazon.CloudFormation", "2010-05-15", AmazonCloudFormationException.Of);

    private static readonly Operation<CreateStackRequest, CreateStackResponse> CreateStackOperation = Wire.Operation(
        "CreateStack",
        CloudFormationJson.Default.CreateStackRequest,
        CloudFormationJson.Default.CreateStackResponse
    );

    private static readonly Operation<UpdateStackRequest, UpdateStackResponse> UpdateStackOperation = Wire.Operation(
        "UpdateStack",
        CloudFormationJson.Default.UpdateStackRequest,
        CloudFormationJson.Default.UpdateStackResponse
    );

    private static readonly Operation<DeleteStackRequest, DeleteStackResponse> DeleteStackOperation = Wire.Operation(
        "DeleteStack",
        CloudFormationJson.Default.DeleteStackRequest,
        CloudFormationJson.Default.DeleteStackResponse
    );

    private static readonly Operation<DescribeStacksRequest, DescribeStacksResponse> DescribeStacksOperation = Wire.Operation(
        "DescribeStacks",
        CloudFormationJson.Default.DescribeStacksRequest,
        CloudFormationJson.Default.DescribeStacksResponse
    );

    private static readonly Operation<DescribeStackEventsRequest, DescribeStackEventsResponse> DescribeStackEventsOperation =
        Wire.Operation(
            "DescribeStackEvents",
            CloudFormationJson.Default.DescribeStackEventsRequest,
            CloudFormationJson.Default.DescribeStackEventsResponse
        );

    private static readonly Operation<DescribeStackResourcesRequest, DescribeStackResourcesResponse> DescribeStackResourcesOperation =
        Wire.Operation(
            "DescribeStackResources",
            CloudFormationJson.Default.DescribeStackResourcesRequest,
            CloudFormationJson.Default.DescribeStackResourcesResponse
        );

    private static readonly Operation<ListStackResourcesRequest, ListStackResourcesResponse> ListStackResourcesOperation = Wire.Operation(
        "ListStackResources",
        CloudFormationJson.Default.ListStackResourcesRequest,
        CloudFormationJson.Default.ListStackResourcesResponse
    );

    private static readonly Operation<CreateChangeSetRequest, CreateChangeSetResponse> CreateChangeSetOperation = Wire.Operation(
        "CreateChangeSet",
        CloudFormationJson.Default.CreateChangeSetRequest,
        CloudFormationJson.Default.CreateChangeSetResponse
    );

    private static readonly Operation<DescribeChangeSetRequest, DescribeChangeSetResponse> DescribeChangeSetOperation = Wire.Operation(
        "DescribeChangeSet",
        CloudFormationJson.Default.DescribeChangeSetRequest,
        CloudFormationJson.Default.DescribeChangeSetResponse
    );

    private static readonly Operation<ExecuteChangeSetRequest, ExecuteChangeSetResponse> ExecuteChangeSetOperation = Wire.Operation(
        "ExecuteChangeSet",
        CloudFormationJson.Default.ExecuteChangeSetRequest,
        CloudFormationJson.Default.ExecuteChangeSetResponse
    );

    private static readonly Operation<DeleteChangeSetRequest, DeleteChangeSetResponse> DeleteChangeSetOperation = Wire.Operation(
        "DeleteChangeSet",
        CloudFormationJson.Default.DeleteChangeSetRequest,
        CloudFormationJson.Default.DeleteChangeSetResponse
    );

    private static readonly Operation<GetTemplateRequest, GetTemplateResponse> GetTemplateOperation = Wire.Operation(
        "GetTemplate",
        CloudFormationJson.Default.GetTemplateRequest,
        CloudFormationJson.Default.GetTemplateResponse
    );

    private static readonly Operation<
        UpdateTerminationProtectionRequest,
        UpdateTerminationProtectionResponse
    > UpdateTerminationProtectionOperation = Wire.Operation(
        "UpdateTerminationProtection",
        CloudFormationJson.Default.UpdateTerminationProtectionRequest,
        CloudFormationJson.Default.UpdateTerminationProtectionResponse
    );

    private static readonly Operation<ValidateTemplateRequest, ValidateTemplateResponse> ValidateTemplateOperation = Wire.Operation(
        "ValidateTemplate",
        CloudFormationJson.Default.ValidateTemplateRequest,
        CloudFormationJson.Default.ValidateTemplateResponse
    );

    public AmazonCloudFormationClient()
        : this(new AmazonCloudFormationConfig()) { }

    public AmazonCloudFormationClient(AmazonCloudFormationConfig config)
        : base(config) { }

    public AmazonCloudFormationClient(AWSCredentials credentials, AmazonCloudFormationConfig config)
        : base(credentials, config) { }

    public virtual Task<CreateStackResponse> CreateStackAsync(CreateStackRequest request, CancellationToken cancellationToken = default) =>
        Call(CreateStackOperation, request, cancellationToken);

    public virtual Task<UpdateStackResponse> UpdateStackAsync(UpdateStackRequest request, CancellationToken cancellationToken = default) =>
        Call(UpdateStackOperation, request, cancellationToken);

    public virtual Task<DeleteStackResponse> DeleteStackAsync(DeleteStackRequest request, CancellationToken cancellationToken = default) =>
        Call(DeleteStackOperation, request, cancellationToken);

    public virtual Task<DescribeStacksResponse> DescribeStacksAsync(
        DescribeStacksRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeStacksOperation, request, cancellationToken);

    public virtual Task<DescribeStackEventsResponse> DescribeStackEventsAsync(
        DescribeStackEventsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeStackEventsOperation, request, cancellationToken);

    public virtual Task<DescribeStackResourcesResponse> DescribeStackResourcesAsync(
        DescribeStackResourcesRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeStackResourcesOperation, request, cancellationToken);

    public virtual Task<ListStackResourcesResponse> ListStackResourcesAsync(
        ListStackResourcesRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ListStackResourcesOperation, request, cancellationToken);

    public virtual Task<CreateChangeSetResponse> CreateChangeSetAsync(
        CreateChangeSetRequest request,
        CancellationToken cancellationToken = default
    ) => Call(CreateChangeSetOperation, request, cancellationToken);

    public virtual Task<DescribeChangeSetResponse> DescribeChangeSetAsync(
        DescribeChangeSetRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeChangeSetOperation, request, cancellationToken);

    public virtual Task<ExecuteChangeSetResponse> ExecuteChangeSetAsync(
        ExecuteChangeSetRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ExecuteChangeSetOperation, request, cancellationToken);

    public virtual Task<DeleteChangeSetResponse> DeleteChangeSetAsync(
        DeleteChangeSetRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DeleteChangeSetOperation, request, cancellationToken);

    public virtual Task<GetTemplateResponse> GetTemplateAsync(GetTemplateRequest request, CancellationToken cancellationToken = default) =>
        Call(GetTemplateOperation, request, cancellationToken);

    public virtual Task<UpdateTerminationProtectionResponse> UpdateTerminationProtectionAsync(
        UpdateTerminationProtectionRequest request,
        CancellationToken cancellationToken = default
    ) => Call(UpdateTerminationProtectionOperation, request, cancellationToken);

    public virtual Task<ValidateTemplateResponse> ValidateTemplateAsync(
        ValidateTemplateRequest request,
        CancellationToken cancellationToken = default
    ) => Call(ValidateTemplateOperation, request, cancellationToken);
}
