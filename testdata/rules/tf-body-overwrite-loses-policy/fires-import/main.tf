resource "aws_api_gateway_rest_api" "orders" {
  name   = "orders"
  policy = data.aws_iam_policy_document.a.json # expect: tf-body-overwrite-loses-policy medium at policy
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_rest_api_put" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths   = { "/" = { get = { x-amazon-apigateway-auth = { type = "AWS_IAM" } } } }
  })
}

data "aws_iam_policy_document" "a" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}
