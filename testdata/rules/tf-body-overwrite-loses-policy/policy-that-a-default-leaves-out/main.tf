variable "policy" {
  type    = string
  default = null
}

resource "aws_api_gateway_rest_api" "orders" { # expect: public-api-no-policy low at "orders"
  name = "orders"
  body = jsonencode({
    openapi = "3.0.1"
    info    = { title = "orders", version = "1" }
    paths   = {}
  })
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_rest_api_policy" "orders" {
  count       = var.policy == null ? 0 : 1
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy      = var.policy # expect: tf-body-overwrite-loses-policy medium possible at policy; wildcard-principal medium possible
}
